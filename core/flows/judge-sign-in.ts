import { deviceCookieKey, deviceTokenHash, type Factor } from '../factors/index.ts'
import type { Device } from '../factors/ports.ts'
import {
  assessRisk,
  countedNetworkOf,
  decide,
  type Place,
  type RiskFacts,
  type RiskSettings,
  readProfile,
  riskSettingsFor,
  storedRiskOf,
} from '../risk/index.ts'
import type { RequestContext } from '../shared/ports.ts'
import type { User } from '../users/ports.ts'
import type { JudgedSignIn } from './flow.ts'
import { factorsOfUser } from './owed.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

type JudgePorts = Pick<
  JourneyPorts,
  'devices' | 'hashes' | 'places' | 'badNetworks' | 'profiles' | 'riskCounters' | 'riskWatch' | 'users'
>
type Asking = Pick<StepInput, 'pool' | 'client' | 'context' | 'now'>

/** The person's own device behind this browser's cookie; null: new to them, or none. */
export const deviceOf = async (
  { devices, hashes }: Pick<JudgePorts, 'devices' | 'hashes'>,
  { pool, context }: Pick<Asking, 'pool' | 'context'>,
  sub: string,
): Promise<Device | null> => {
  const secret = context.browser?.deviceSecrets[deviceCookieKey(hashes, pool.id, sub)]
  return secret === undefined ? null : devices.find(pool.id, sub, deviceTokenHash(hashes, pool.id, sub, secret))
}

/** Whether the browser may stand for the second factor: the pool lets it, the person asked for it, and it is not too long ago. */
const standsIn = ({ pool, now }: Asking, device: Device | null): boolean =>
  pool.settings.devices.remember !== 'never' && device?.rememberedUntil != null && device.rememberedUntil > now

/** What a request says of itself, as risk judges it and learns from it. */
export const requestFacts = (context: RequestContext, place: Place | null, now: Date): RiskFacts['request'] => ({
  at: now,
  ip: context.ip,
  place,
  userAgent: context.userAgent,
  clientHints: context.browser?.clientHints ?? null,
  acceptLanguage: context.browser?.acceptLanguage ?? null,
  isSecure: context.browser?.isSecure ?? false,
})

/** The person's own device, as risk judges it and learns from it. */
export const deviceFacts = (device: Device | null): RiskFacts['device'] =>
  device && { firstSeenAt: device.firstSeenAt, lastSeenAt: device.lastSeenAt, agent: device.name }

const factsOf = async (
  ports: JudgePorts,
  { pool, context, now }: Asking,
  user: User,
  device: Device | null,
  place: Place | null,
): Promise<RiskFacts> => {
  const [stored, counts, found] = await Promise.all([
    ports.profiles.find(pool.id, user.sub),
    ports.riskCounters.read(pool.id, user.sub, countedNetworkOf(context.ip), now),
    ports.users.findBySub(pool.id, user.sub),
  ])
  return {
    request: requestFacts(context, place, now),
    device: deviceFacts(device),
    profile: readProfile(stored?.profile),
    counts,
    credentialChangedAt: found?.password?.changedAt ?? null,
    isBadNetwork: ports.badNetworks.has(context.ip),
  }
}

/** The settings of the pool with the client's own parts. */
export const riskSettingsOf = ({ pool, client }: Pick<Asking, 'pool' | 'client'>): RiskSettings =>
  riskSettingsFor(pool.settings.threatProtection, client.settings.threatProtection)

/**
 * Judges a sign-in, once, after its first proof: which browser this is, where, and how likely it is somebody else. Whatever
 * the answer, nothing is granted by it; it can only ask for more.
 *
 * @param factors what the person set up
 */
export const judgeSignIn = async (
  ports: JudgePorts,
  asking: Asking,
  user: User,
  factors: readonly Factor[],
): Promise<JudgedSignIn> => {
  const { pool, client, context } = asking
  const settings = riskSettingsOf({ pool, client })
  const device = await deviceOf(ports, asking, user.sub)
  const place = context.ip === null ? null : ports.places.find(context.ip)
  const isRemembered = standsIn(asking, device)
  const known = {
    sub: user.sub,
    deviceId: device?.id ?? null,
    place: place && { country: place.country, city: place.city },
    isRemembered,
    reference: context.requestId,
  }
  if (settings.mode === 'off') return { ...known, effect: 'allow', notify: false, risk: null }
  const assessment = assessRisk(settings, await factsOf(ports, asking, user, device, place))
  const hasSecondFactor = factorsOfUser(pool, user, factors).length > 0
  const decision = decide(settings, assessment, { hasSecondFactor, isRememberedDevice: isRemembered })
  ports.riskWatch.judged(assessment.level, decision.effect)
  return {
    ...known,
    effect: decision.effect,
    notify: decision.notify,
    risk: storedRiskOf(assessment, decision),
  }
}
