import { newEvent } from '../../events/index.ts'
import { authenticatedAt, freshProofs, type MethodProof } from '../../factors/index.ts'
import { directoryOfPerson } from '../../federation/index.ts'
import { BUDGETS } from '../../limits/index.ts'
import { normalisePassword } from '../../passwords/index.ts'
import type { Failure } from '../../shared/result.ts'
import { attributeChanges } from '../../users/index.ts'
import type { UserWithPassword } from '../../users/ports.ts'
import { advance } from '../advance.ts'
import { missingAttributes, stepAfterProof } from '../after-proof.ts'
import { isCutOff } from '../finish-flow.ts'
import { owedBy } from '../owed.ts'
import type { JourneyPorts } from '../ports.ts'
import { replacePassword } from '../replace-password.ts'
import { field, moved, refused, type StepAnswer, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { changeAtDirectory } from './directory-password.ts'

/**
 * The new password, and on with what else is owed. Of the journey's own proofs those of `kept` stay good; everybody else
 * who is signed in signs in again, whether they came before those proofs or since.
 *
 * Nobody's password is replaced while their second factor is owed: the journey asks for that first (attack 51).
 */
const withNewPassword = async (
  ports: JourneyPorts,
  input: StepInput,
  found: UserWithPassword,
  {
    given,
    kept,
    done = {},
  }: { given: readonly MethodProof[]; kept: readonly MethodProof[]; done?: { changePassword?: boolean } },
): Promise<StepAnswer> => {
  const { pool, client, flow } = input
  const owed = await owedBy(ports, {
    pool,
    client,
    request: flow.state.request,
    user: found.user,
    proofs: given,
    judged: flow.state.judged,
  })
  if (owed.kind === 'prove') return advance(ports, input, { user: found.user, proofs: given })
  const proofs: MethodProof[] = [...kept, { method: 'password', at: input.now.getTime() }]
  const set = await replacePassword(ports, input, found, {
    event: { type: 'password.changed', detail: { step: input.flow.step } },
    endsSessionsBefore: new Date(authenticatedAt(proofs)),
    mustDiffer: true,
  })
  if (!set.ok) return refused(set.failure)
  // The moment of the cut must spare what was shown before it; sessions of between are ended one by one.
  if (kept.length > 0) await ports.sessions.endOthers(pool.id, found.user.sub, null, { events: [] })
  return advance(ports, input, { user: set.value, proofs, state: { owedPassword: null, buildsOnSession: false }, done })
}

/** The password in use is a temporary one (NEW_PASSWORD_REQUIRED) or known to others: it was right and is not asked for again. */
export const submitForcedPassword: StepHandler = (ports) => async (input) => {
  const { account, owedPassword } = input.flow.state
  const found = account === null ? null : await ports.users.findBySub(input.pool.id, account.sub)
  const expected = owedPassword === 'exposed' ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD'
  // Disabled, reset, or changed in another journey meanwhile: the password of this one is worth nothing any more.
  if (found === null || !found.user.enabled || found.user.status !== expected) return moved('sign-in', droppedByEntry)
  // Replaced by another one, because it was lost or in the wrong hands.
  if ((found.password?.changedAt.getTime() ?? 0) > (account?.provenAt ?? 0)) return moved('sign-in', droppedByEntry)
  const given = input.flow.state.proofs
  return withNewPassword(ports, input, found, { given, kept: given.filter(({ method }) => method !== 'password') })
}

/**
 * The change-password page of a signed-in person: the current password again, and the second factor where it was not shown
 * in the last ten minutes, then the new one.
 */
export const submitChangedPassword: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, form, now, context } = input
  const { proof } = flow.state
  const sub = proof?.sub ?? ''
  const found = await ports.users.findBySub(pool.id, sub)
  if (found === null || proof === null || !found.user.enabled || isCutOff(proof, found.user.sessionsValidAfter))
    return moved('sign-in', droppedByEntry)
  const current = field(form, 'current', 4096)
  if (current === '') return refused({ code: 'password-empty', field: 'current' })
  const theirs = directoryOfPerson(await ports.federation.providers.list(pool.id), {
    hasPassword: found.password !== null,
    identities: await ports.federation.identities.list(pool.id, sub),
  })
  if (theirs !== null) return changeAtDirectory(ports, input, found, theirs, current)
  const budget = await ports.attempts.take(pool.id, 'change-password', sub, BUDGETS['change-password'], now)
  const typed = normalisePassword(current)
  const matches = await ports.passwords.verify(typed ?? '', typed === null ? null : (found.password?.hash ?? null))
  const refuse = (failure: Failure): StepAnswer =>
    refused(failure, {}, [
      newEvent(ports.random, now, {
        poolId: pool.id,
        type: 'password.changed',
        outcome: 'failure',
        reason: failure.code,
        sub,
        clientId: client.id,
        flowId: flow.id,
        context,
        detail: { step: flow.step },
      }),
    ])
  if (budget.isSpent)
    return refuse({ code: 'too-many-attempts', params: { minutes: Math.ceil(budget.retryAfterSeconds / 60) } })
  if (!matches) return refuse({ code: 'wrong-credentials', field: 'current' })
  const kept = freshProofs(flow.state.proofs, now).filter(({ method }) => method !== 'password')
  const given: MethodProof[] = [...kept, { method: 'password', at: now.getTime() }]
  return withNewPassword(ports, input, found, { given, kept, done: { changePassword: true } })
}

/** Attributes the pool demands and the person never gave; only those may be written here. */
export const submitMissingAttributes: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, form, now, context } = input
  const found = await ports.users.findBySub(pool.id, flow.state.proof?.sub ?? '')
  if (found === null || !found.user.enabled) return moved('sign-in', droppedByEntry)
  const names = missingAttributes(pool, found.user)
  const given = Object.fromEntries(names.map((name) => [name, field(form, name)]))
  const values = { ...flow.state.values, ...given }
  const empty = names.find((name) => given[name]?.trim() === '')
  if (empty !== undefined) return refused({ code: 'attribute-missing', field: empty }, { values })
  const changes = attributeChanges(pool.settings, found.user.attributes, given, {
    kind: 'client',
    writable: new Set(names),
  })
  if (!changes.ok) return refused(changes.failure, { values })
  const updated = await ports.writer.update(
    pool.id,
    found.user.sub,
    { attributes: changes.value, at: now },
    {
      events: [
        newEvent(ports.random, now, {
          poolId: pool.id,
          type: 'user.updated',
          outcome: 'success',
          sub: found.user.sub,
          clientId: client.id,
          flowId: flow.id,
          context,
          detail: { attributes: names.join(' ') },
        }),
      ],
    },
  )
  if (!updated.ok) return refused(updated.failure, { values })
  return moved(await stepAfterProof(ports, input, updated.value, { missingAttributes: true }), { failure: null })
}
