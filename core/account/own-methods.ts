import {
  FACTOR_KINDS,
  type FactorKind,
  newRecoveryCodes,
  readRecoveryCode,
  recoveryCodeHash,
} from '../factors/index.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { type Doer, noticeOf, ownEvent, presentPerson, provenPerson } from './doer.ts'
import type { AccountPorts } from './ports.ts'

/** Longest name of a passkey, in characters. */
const LONGEST_NAME = 60

/**
 * Takes a second factor away, after a fresh proof (attack 51). The last one of a pool that demands one stays: else the next
 * sign-in could be by a password alone, and set up somebody else's.
 *
 * Fails with `proof-not-fresh`, `factor-missing` and `last-factor`.
 */
export const removeOwnFactor =
  (ports: AccountPorts) =>
  async (doer: Doer, id: string): Promise<Result<void>> => {
    const { pool, sub } = doer
    const found = await provenPerson(ports, doer)
    if (!found.ok) return found
    const { user, factors } = found.value
    const factor = factors.find((each) => each.id === id)
    if (factor === undefined) return fail('factor-missing')
    const event = ownEvent(ports, doer, { type: 'factor.removed', detail: { kind: factor.kind } })
    return ports.factors.remove(
      pool.id,
      sub,
      id,
      {
        events: [event],
        messages: await noticeOf(ports, doer, user, event, {
          purpose: 'factor-removed',
          facts: { factor: factor.kind },
        }),
      },
      pool.settings.mfa === 'required' ? pool.settings.factors.allowed : null,
    )
  }

/** What a person calls one of their passkeys. Fails with `factor-missing`, or `attribute-missing` without a name. */
export const renameOwnPasskey =
  (ports: AccountPorts) =>
  async (doer: Doer, id: string, typed: string): Promise<Result<void>> => {
    const name = [
      ...typed
        .normalize('NFC')
        .replace(/[\p{Cc}\p{Cf}]/gu, '')
        .trim(),
    ]
      .slice(0, LONGEST_NAME)
      .join('')
    if (name === '') return fail('attribute-missing', { field: 'name' })
    const factors = await ports.factors.list(doer.pool.id, doer.sub)
    if (factors.find((each) => each.id === id)?.kind !== 'passkey') return fail('factor-missing')
    const event = ownEvent(ports, doer, { type: 'factor.changed', detail: { kind: 'passkey', what: 'name' } })
    return ports.factors.rename(doer.pool.id, doer.sub, id, name, { events: [event] })
  }

/** Which kind is asked for first; an empty one: the strongest. Fails with `factor-missing` for a kind the person has not. */
export const preferOwnFactor =
  (ports: AccountPorts) =>
  async (doer: Doer, wanted: string): Promise<Result<void>> => {
    const { pool, sub } = doer
    const kind: FactorKind | undefined = FACTOR_KINDS.find((each) => each === wanted)
    if (wanted !== '') {
      const factors = await ports.factors.list(pool.id, sub)
      if (kind === undefined || !factors.some((each) => each.kind === kind)) return fail('factor-missing')
    }
    const event = ownEvent(ports, doer, {
      type: 'factor.changed',
      detail: { kind: kind ?? null, what: 'preferred' },
    })
    await ports.factors.prefer(pool.id, sub, kind ?? null, { events: [event] })
    return ok(undefined)
  }

/**
 * Ten new recovery codes, to be shown once; the former ones stop working. Fails with `proof-not-fresh`, and with
 * `factor-missing` for who has no factor that could be lost.
 */
export const renewOwnRecoveryCodes =
  (ports: AccountPorts) =>
  async (doer: Doer): Promise<Result<readonly string[]>> => {
    const { pool, sub } = doer
    const found = await provenPerson(ports, doer)
    if (!found.ok) return found
    if (found.value.factors.length === 0) return fail('factor-missing')
    const codes = newRecoveryCodes(ports.random)
    const hashes = codes.map((code) => recoveryCodeHash(ports.hashes, pool.id, sub, readRecoveryCode(code) ?? code))
    const event = ownEvent(ports, doer, { type: 'recovery_codes.made' })
    await ports.recoveryCodes.replace(pool.id, sub, hashes, ports.clock.now(), {
      events: [event],
      messages: await noticeOf(ports, doer, found.value.user, event, { purpose: 'recovery-codes-made' }),
    })
    return ok(codes)
  }

/** What a person can sign in with. Fails with `user-missing`. */
export const ownMethods =
  (ports: Pick<AccountPorts, 'users' | 'factors' | 'recoveryCodes'>) =>
  async ({ pool, sub }: Pick<Doer, 'pool' | 'sub'>) => {
    const [found, factors, recoveryCodes] = await Promise.all([
      presentPerson(ports, { pool, sub }),
      ports.factors.list(pool.id, sub),
      ports.recoveryCodes.count(pool.id, sub),
    ])
    return found.ok ? ok({ ...found.value, factors, recoveryCodes }) : found
  }
