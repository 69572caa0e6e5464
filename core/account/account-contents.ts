import { acceptedFactors, FACTOR_KINDS, type Factor, type FactorKind } from '../factors/index.ts'
import { labelOf } from '../federation/index.ts'
import { beginsWithPasskeys, passkeySignal, poolRelyingParty } from '../flows/index.ts'
import { passwordRulesOf } from '../pools/pool-settings.ts'
import { agentOf } from '../risk/index.ts'
import { ok, type Result } from '../shared/result.ts'
import { maskAddress, shownName } from '../users/index.ts'
import type { AccountPage } from './account-places.ts'
import type { AccountContent, DeviceView, FactorView, SessionView } from './account-view.ts'
import { ownDirectory } from './change-own-password.ts'
import type { Doer } from './doer.ts'
import { ownMethods } from './own-methods.ts'
import { ownSignIn } from './own-sign-in.ts'
import { activityOf, namesOfApps, type PersonalPorts, personalContent, placeOf } from './personal-contents.ts'

/** Events on the overview. */
const RECENT = 5

/** Kinds that codes are sent for: they are set up by what the pool asks, not from here. */
const SET_UP_HERE: readonly FactorKind[] = ['passkey', 'totp']

const toFactorView = ({ id, kind, name, address, createdAt, lastUsedAt, passkey }: Factor): FactorView => ({
  id,
  kind,
  name,
  destination: address === null ? null : maskAddress(address),
  addedAt: createdAt.toISOString(),
  usedAt: lastUsedAt?.toISOString() ?? null,
  isSynced: passkey?.isBackedUp === true,
})

const strengthOf = (kinds: readonly FactorKind[]): Extract<AccountContent, { page: 'overview' }>['strength'] => {
  if (kinds.includes('passkey')) return 'passkey'
  if (kinds.includes('totp')) return 'app'
  return kinds.length > 0 ? 'code' : 'alone'
}

const overview = async (ports: PersonalPorts, doer: Doer): Promise<Result<AccountContent>> => {
  const [methods, sessions, recent] = await Promise.all([
    ownMethods(ports)(doer),
    ports.ownSessions.list(doer.pool.id, doer.sub),
    activityOf(ports, doer, null, RECENT),
  ])
  if (!methods.ok) return methods
  const { factors, recoveryCodes } = methods.value
  const accepted = acceptedFactors(doer.pool.settings, factors)
  const { by, providers, passkeys, asksForMore } = await ownSignIn(ports)(doer, methods.value)
  const kinds = accepted.map(({ kind }) => kind)
  return ok({
    page: 'overview',
    by,
    providers,
    strength: strengthOf(asksForMore ? kinds : kinds.filter((kind) => kind === 'passkey' && passkeys > 0)),
    recoveryCodesLeft: accepted.length === 0 ? null : (recoveryCodes?.left ?? null),
    sessions: sessions.length,
    recent,
  })
}

const methods = async (
  ports: PersonalPorts,
  doer: Doer,
  newCodes: readonly string[],
): Promise<Result<AccountContent>> => {
  const found = await ownMethods(ports)(doer)
  if (!found.ok) return found
  const { user, password, factors, recoveryCodes } = found.value
  const { mfa, factors: settings } = doer.pool.settings
  const has = new Set(factors.map(({ kind }) => kind))
  const serves = (kind: FactorKind): boolean =>
    (mfa !== 'off' && settings.allowed.includes(kind)) || (kind === 'passkey' && beginsWithPasskeys(doer.pool.settings))
  const addable = SET_UP_HERE.filter((kind) => serves(kind) && (kind === 'passkey' || !has.has(kind)))
  const relyingParty = poolRelyingParty(ports, doer.pool)
  const theirs = await ownDirectory(ports, doer, found.value)
  const person = { sub: doer.sub, name: shownName(doer.pool, user) }
  return ok({
    page: 'methods',
    password: password === null || theirs !== null ? null : { changedAt: password.changedAt.toISOString() },
    directory: theirs === null ? null : labelOf(theirs.directory),
    passkeys: factors.filter(({ kind }) => kind === 'passkey').map(toFactorView),
    factors: FACTOR_KINDS.flatMap((kind) =>
      kind === 'passkey' ? [] : factors.filter((each) => each.kind === kind).map(toFactorView),
    ),
    addable,
    passkeySignal: relyingParty === null ? null : passkeySignal(relyingParty.id, person, factors),
    preferred: user.preferredFactor,
    recoveryCodes: recoveryCodes === null ? null : { left: recoveryCodes.left, total: recoveryCodes.total },
    newCodes,
  })
}

const sessions = async (ports: PersonalPorts, doer: Doer): Promise<Result<AccountContent>> => {
  const { pool, sub, client } = doer
  const [own, devices] = await Promise.all([ports.ownSessions.list(pool.id, sub), ports.devices.list(pool.id, sub)])
  const others = own.flatMap(({ clientIds }) => clientIds).filter((id) => id !== client.id)
  const apps = await namesOfApps(ports, pool.id, others)
  const toSession = ({ id, kind, clientIds, userAgent, place, signedInAt, lastSeenAt }: (typeof own)[number]) =>
    ({
      id,
      kind,
      isHere: id === doer.sessionId,
      agent: agentOf(userAgent),
      place: placeOf(place),
      apps: clientIds.flatMap((clientId) => apps.get(clientId) ?? []),
      signedInAt: signedInAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    }) satisfies SessionView
  const toDevice = (device: (typeof devices)[number]): DeviceView => ({
    id: device.id,
    name: device.name,
    place: placeOf(device.lastPlace),
    firstSeenAt: device.firstSeenAt.toISOString(),
    lastSeenAt: device.lastSeenAt.toISOString(),
    rememberedUntil: device.rememberedUntil?.toISOString() ?? null,
  })
  return ok({
    page: 'sessions',
    // Here first; the others as they come.
    sessions: own.map(toSession).sort((a, b) => Number(b.isHere) - Number(a.isHere)),
    devices: devices.map(toDevice),
  })
}

const password = async (ports: PersonalPorts, doer: Doer): Promise<Result<AccountContent>> => {
  const found = await ownMethods(ports)(doer)
  if (!found.ok) return found
  const theirs = await ownDirectory(ports, doer, found.value)
  return ok({
    page: 'password',
    hasPassword: theirs !== null || found.value.password !== null,
    changedBy: theirs === null || theirs.directory.settings.mayChangePasswords ? null : labelOf(theirs.directory),
    // What a directory demands, it says by itself.
    rules: theirs === null ? passwordRulesOf(doer.pool.settings) : null,
  })
}

/**
 * What a page of the account holds, for whom the session says. Fails with `user-missing` for who is gone meanwhile.
 *
 * @param asked `newCodes`: recovery codes made a moment ago, to be shown this once; `show`: filter of the activity
 */
export const accountContent =
  (ports: PersonalPorts) =>
  (
    doer: Doer,
    page: AccountPage,
    { newCodes = [], show = null }: { newCodes?: readonly string[] | undefined; show?: string | null } = {},
  ): Promise<Result<AccountContent>> => {
    switch (page) {
      case 'overview':
        return overview(ports, doer)
      case 'methods':
        return methods(ports, doer, newCodes)
      case 'sessions':
        return sessions(ports, doer)
      case 'password':
        return password(ports, doer)
      default:
        return personalContent(ports, doer, page, show)
    }
  }
