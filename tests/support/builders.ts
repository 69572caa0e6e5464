import { randomBytes, randomUUID } from 'node:crypto'
import { systemRandom } from '#adapters/random/system-random.ts'
import { type AppClient, ClientSettings, type ClientSettingsInput } from '#core/clients/client-settings.ts'
import type { AuthEvent, EventType } from '#core/events/event.ts'
import { ACR_SINGLE_FACTOR } from '#core/factors/index.ts'
import type { LinkedIdentity } from '#core/federation/federated-profile.ts'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import { ProviderSettings } from '#core/federation/provider-settings.ts'
import type { Flow, FlowRequest, FlowState, Proof } from '#core/flows/flow.ts'
import type { MessagePurpose } from '#core/messages/message.ts'
import type { SignInNameKind } from '#core/pools/pool-settings.ts'
import { type Pool, PoolSettings, type PoolSettingsInput } from '#core/pools/pool-settings.ts'
import type { Alongside } from '#core/shared/alongside.ts'
import { newClientId, newPoolId } from '#core/shared/ids.ts'
import type { NewUser, StoredPassword, User } from '#core/users/ports.ts'

export const NOON = new Date('2030-06-15T12:00:00.000Z')

/** Noon, so many seconds later. */
export const secondsLater = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000)

export const aPoolId = (): string => newPoolId(systemRandom, 'eu-test-1')

export const aPool = ({
  settings = {},
  ...overrides
}: Partial<Omit<Pool, 'settings'>> & { settings?: PoolSettingsInput } = {}): Pool => {
  const id = overrides.id ?? aPoolId()
  return {
    id,
    name: `Pool ${id}`,
    version: 1,
    createdAt: NOON,
    updatedAt: NOON,
    ...overrides,
    settings: PoolSettings.parse(settings),
  }
}

export const aClient = (
  poolId: string,
  {
    settings = {},
    ...overrides
  }: Partial<Omit<AppClient, 'settings' | 'poolId'>> & { settings?: ClientSettingsInput } = {},
): AppClient => {
  const id = overrides.id ?? newClientId(systemRandom)
  return {
    poolId,
    id,
    name: `App ${id}`,
    enabled: true,
    createdAt: NOON,
    updatedAt: NOON,
    ...overrides,
    settings: ClientSettings.parse({ callbackUrls: ['https://app.example.com/callback'], ...settings }),
  }
}

export const aUser = (poolId: string, overrides: Partial<Omit<User, 'poolId'>> = {}): User => {
  const sub = overrides.sub ?? randomUUID()
  return {
    poolId,
    sub,
    username: sub,
    status: 'CONFIRMED',
    enabled: true,
    attributes: {},
    sessionsValidAfter: NOON,
    createdAt: NOON,
    updatedAt: NOON,
    lastSignInAt: null,
    preferredFactor: null,
    deleteAfter: null,
    ...overrides,
  }
}

export const aPassword = (hash: string, overrides: Partial<StoredPassword> = {}): StoredPassword => ({
  hash,
  isTemporary: false,
  expiresAt: null,
  changedAt: NOON,
  ...overrides,
})

/** A user with the given names, e-mail addresses by default. */
export const aNewUser = (
  poolId: string,
  names: readonly string[],
  overrides: Partial<Omit<User, 'poolId'>> & { password?: StoredPassword | null } = {},
): NewUser => {
  const { password = null, ...user } = overrides
  const kindOf = (name: string): SignInNameKind =>
    name.includes('@') ? 'email' : name.startsWith('+') ? 'phone_number' : 'username'
  return { user: aUser(poolId, user), names: names.map((value) => ({ kind: kindOf(value), value })), password }
}

/** One that speaks OpenID Connect, unless the settings say what it speaks. */
export const aProvider = (
  poolId: string,
  { settings = {}, ...overrides }: { name?: string; settings?: Readonly<Record<string, unknown>> } = {},
): IdentityProvider => {
  const { name = 'Corp' } = overrides
  return {
    poolId,
    name,
    settings: ProviderSettings.parse({
      name,
      ...(settings.kind === undefined ? { kind: 'oidc', clientId: 'portico', issuer: 'https://idp.example.com' } : {}),
      ...settings,
    }),
    createdAt: NOON,
    updatedAt: NOON,
  }
}

export const anIdentity = (
  poolId: string,
  overrides: Partial<Omit<LinkedIdentity, 'poolId'>> = {},
): LinkedIdentity => ({
  poolId,
  provider: 'Corp',
  subject: '1234',
  providerType: 'OIDC',
  issuer: 'https://idp.example.com',
  isPrimary: false,
  linkedAt: NOON,
  ...overrides,
})

export const anEvent = (
  poolId: string,
  type: EventType,
  overrides: Partial<Omit<AuthEvent, 'poolId' | 'type'>> = {},
): AuthEvent => ({
  id: systemRandom.uuidAt(NOON),
  poolId,
  type,
  outcome: 'success',
  reason: null,
  sub: null,
  clientId: null,
  flowId: null,
  requestId: null,
  ip: null,
  userAgent: null,
  detail: {},
  count: 1,
  deviceId: null,
  place: null,
  risk: null,
  feedback: null,
  createdAt: NOON,
  ...overrides,
})

/** An event, and messages to ann@example.com where purposes are named. */
export const alongside = (poolId: string, type: EventType, ...purposes: MessagePurpose[]): Alongside => ({
  events: [anEvent(poolId, type)],
  messages: purposes.map((purpose) => ({
    id: systemRandom.uuidAt(NOON),
    poolId,
    purpose,
    message: { channel: 'sms', to: '+4930123456', text: randomBytes(4).toString('hex'), locale: 'en' },
    createdAt: NOON,
    expiresAt: null,
  })),
})

export const aFlowRequest = (overrides: Partial<FlowRequest> = {}): FlowRequest => ({
  scopes: ['openid'],
  redirectUri: 'https://app.example.com/callback',
  prompts: [],
  loginHint: null,
  screen: 'sign-in',
  provider: null,
  mustBeFresh: false,
  foreignLevel: null,
  level: null,
  isLevelEssential: false,
  ...overrides,
})

/** Of a password given at noon, unless said otherwise. */
export const aProof = (sub: string, overrides: Partial<Proof> = {}): Proof => ({
  sub,
  authenticatedAt: NOON.getTime(),
  amr: ['pwd'],
  acr: ACR_SINGLE_FACTOR,
  proofs: [{ method: 'password', at: overrides.authenticatedAt ?? NOON.getTime() }],
  ...overrides,
})

/** A journey that has just begun at the sign-in page. */
export const aFlow = (
  poolId: string,
  { state = {}, ...overrides }: Partial<Omit<Flow, 'poolId' | 'state'>> & { state?: Partial<FlowState> } = {},
): Flow => ({
  poolId,
  id: randomBytes(16).toString('base64url'),
  clientId: newClientId(systemRandom),
  secretHash: randomBytes(32).toString('base64url'),
  step: 'sign-in',
  version: 1,
  createdAt: NOON.getTime(),
  expiresAt: NOON.getTime() + 3_600_000,
  ...overrides,
  state: {
    request: aFlowRequest(),
    eventId: systemRandom.uuidAt(NOON),
    locale: 'en',
    values: {},
    failure: null,
    notice: null,
    proof: null,
    signUp: null,
    recovery: null,
    account: null,
    proofs: [],
    buildsOnSession: false,
    owedPassword: null,
    challenge: null,
    passkeyChallenge: randomBytes(32).toString('base64url'),
    canMakePasskeys: false,
    enrolment: null,
    judged: null,
    remembers: false,
    firstCode: null,
    departure: null,
    identity: null,
    sentAt: [],
    keepSignedIn: false,
    consented: null,
    refusal: null,
    ...state,
  },
})
