import type { AppClient } from '../clients/client-settings.ts'
import { carrierOf, type Factor } from '../factors/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { shownName } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { Flow } from './flow.ts'
import type { FlowStep, PasskeyCall } from './flow-view.ts'
import { owedBy } from './owed.ts'
import { beginsWithPasskeys, ceremonyOf, mayBeUnattended } from './passkey-ceremony.ts'
import type { JourneyPorts } from './ports.ts'

export interface PasskeyPage {
  flow: Flow
  pool: Pool
  client: AppClient
  /** The page that is shown. */
  step: FlowStep
  person: User | null
}

/** Pages of a journey that knows nobody yet. Autofill needs the field of the name, which the first has. */
const FIRST_STEPS: ReadonlySet<FlowStep> = new Set(['sign-in', 'choose-method', 'password'])

type Ports = Pick<JourneyPorts, 'passkeys' | 'factors' | 'links'>

/** What keepers of passkeys are told after a change: which ones count, and what the person is called (Level 3 §5.1.10). */
export const passkeySignal = (
  rpId: string,
  person: { sub: string; name: string },
  factors: readonly Factor[],
): string =>
  JSON.stringify({
    rpId,
    userId: Buffer.from(person.sub).toString('base64url'),
    allAcceptedCredentialIds: factors.flatMap(({ credentialId, passkey }) =>
      credentialId !== null && passkey?.rpId === rpId ? [credentialId] : [],
    ),
    name: person.name,
    displayName: person.name,
  })

const creation = async (ports: Ports, page: PasskeyPage, person: User): Promise<PasskeyCall | null> => {
  const { flow, pool, step } = page
  const ceremony = ceremonyOf(ports, page, [])
  if (ceremony === null) return null
  const passkeys = (await ports.factors.list(pool.id, person.sub)).filter(({ kind }) => kind === 'passkey')
  const name = shownName(pool, person)
  const { enrolment } = flow.state
  const made = enrolment?.kind === 'passkey-made' ? passkeys.find(({ id }) => id === enrolment.factorId) : undefined
  if (made?.passkey) {
    return {
      act: 'made',
      name: made.name,
      carrier: carrierOf(made.passkey),
      isSynced: made.passkey.isBackupEligible,
      signal: passkeySignal(ceremony.relyingParty.id, { sub: person.sub, name }, passkeys),
    }
  }
  return {
    act: 'create',
    options: await ports.passkeys.creationOptions(ceremony, { sub: person.sub, name }, passkeys),
    isConditional: step === 'offer-passkey' && mayBeUnattended(page),
  }
}

/**
 * What the page's script is to do with passkeys. Before a first proof it is the same for everybody and reads nothing of
 * anybody (attacks 46, 47); after one the person's own are listed.
 */
export const passkeyView = async (ports: Ports, page: PasskeyPage): Promise<PasskeyCall | null> => {
  const { flow, pool, client, step, person } = page
  if (FIRST_STEPS.has(step)) {
    const ceremony = beginsWithPasskeys(pool.settings) ? ceremonyOf(ports, page, []) : null
    if (ceremony === null) return null
    return { act: 'get', options: await ports.passkeys.requestOptions(ceremony, []), isConditional: step === 'sign-in' }
  }
  if (person === null) return null
  if (step === 'enrol-passkey' || step === 'offer-passkey') return creation(ports, page, person)
  if (step !== 'passkey') return null
  const { proofs, request } = flow.state
  const ceremony = ceremonyOf(ports, page, proofs)
  const owed = await owedBy(ports, { pool, client, request, user: person, proofs, judged: flow.state.judged })
  const passkeys = owed.kind === 'prove' ? owed.factors.filter(({ kind }) => kind === 'passkey') : []
  if (ceremony === null || passkeys.length === 0) return null
  return { act: 'get', options: await ports.passkeys.requestOptions(ceremony, passkeys), isConditional: false }
}
