import {
  agentOf,
  assessRisk,
  countedNetworkOf,
  type DeviceFacts,
  decide,
  emptyProfile,
  feedback,
  learn,
  type RiskDecision,
  type RiskFacts,
  type RiskLevel,
  type RiskPart,
  type RiskSettings,
  type SignInProfile,
} from '#core/risk/index.ts'
import type { Attempt, History } from './attempt.ts'
import { chanceOf } from './chance.ts'
import type { Attack } from './scenario.ts'
import { windowCounters } from './window-counters.ts'
import { placeOf } from './world.ts'

/** One judged sign-in beside the truth about it. */
export interface Judged {
  kind: string
  attack: Attack['kind'] | null
  attackName: string | null
  /** Successful sign-ins of the person before this one. */
  signIns: number
  score: number
  level: RiskLevel
  parts: readonly RiskPart[]
  /** For a person with a second factor, and for one without. */
  effect: { withFactor: RiskDecision['effect']; withoutFactor: RiskDecision['effect'] }
}

/** Monday, 7 January 2030, midnight UTC. */
const FIRST_DAY = Date.UTC(2030, 0, 7)

/** How many answer the mail "was this you?". */
const ANSWERS_YES = 0.2
const ANSWERS_NO = 0.4

interface Known {
  profile: SignInProfile
  devices: Map<string, DeviceFacts>
}

/**
 * Runs a history through the real engine, as a sign-in does: failures are counted, the right password is judged, whoever is
 * challenged passes when honest and fails when not, successes are learnt, mails are answered by some.
 */
export const replay = (history: History, settings: RiskSettings, seed: number): Judged[] => {
  const chance = chanceOf(seed)
  const counters = windowCounters()
  const people = new Map<string, Known>()
  const judged: Judged[] = []
  let nextMiss = 0

  const noteMissesUntil = (time: number): void => {
    for (
      let miss = history.misses[nextMiss];
      miss !== undefined && miss.time <= time;
      miss = history.misses[nextMiss]
    ) {
      counters.noteFailure(miss.account, countedNetworkOf(miss.ip), miss.time)
      nextMiss += 1
    }
  }

  for (const attempt of history.attempts) {
    noteMissesUntil(attempt.time)
    const { id } = attempt.person
    const known = people.get(id) ?? { profile: emptyProfile(), devices: new Map() }
    people.set(id, known)
    const network = countedNetworkOf(attempt.request.ip)
    for (let miss = 0; miss < attempt.misses; miss += 1) counters.noteFailure(id, network, attempt.time)

    const facts = factsOf(attempt, known, counters.read(id, network, attempt.time))
    const assessment = assessRisk(settings, facts)
    const decision = decide(settings, assessment, { hasSecondFactor: true, isRememberedDevice: false })
    const without = decide(settings, assessment, { hasSecondFactor: false, isRememberedDevice: false })
    judged.push({
      kind: attempt.person.kind,
      attack: attempt.attack?.kind ?? null,
      attackName: attempt.attack?.name ?? null,
      signIns: known.profile.signIns,
      score: assessment.score ?? 1,
      level: assessment.level,
      parts: assessment.parts,
      effect: { withFactor: decision.effect, withoutFactor: without.effect },
    })

    const isHonest = attempt.attack === null
    const succeeds = isHonest || decision.effect === 'allow'
    if (succeeds) {
      known.profile = learn(known.profile, facts)
      keepDevice(attempt, known, facts)
      counters.clear(id)
    }
    if (decision.notify && chance.is(isHonest ? ANSWERS_YES : ANSWERS_NO)) {
      const event = { ...facts.request, country: facts.request.place?.country ?? null }
      known.profile = feedback(known.profile, event, isHonest ? 'valid' : 'invalid', facts.request.at)
    }
  }
  return judged
}

const factsOf = (attempt: Attempt, { profile, devices }: Known, counts: RiskFacts['counts']): RiskFacts => ({
  request: { ...attempt.request, at: new Date(FIRST_DAY + attempt.time), place: placeOf(attempt.request.ip) },
  device: attempt.jar === null ? null : (devices.get(attempt.jar) ?? null),
  profile,
  counts,
  credentialChangedAt: attempt.credentialChangedAt === null ? null : new Date(FIRST_DAY + attempt.credentialChangedAt),
  isBadNetwork: attempt.isListed,
})

const keepDevice = ({ jar, request }: Attempt, { devices }: Known, { request: { at } }: RiskFacts): void => {
  if (jar === null) return
  const known = devices.get(jar)
  devices.set(jar, { firstSeenAt: known?.firstSeenAt ?? at, lastSeenAt: at, agent: agentOf(request.userAgent) })
}
