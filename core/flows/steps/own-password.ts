import { newEvent } from '../../events/index.ts'
import { BUDGETS } from '../../limits/index.ts'
import { normalisePassword } from '../../passwords/index.ts'
import type { Failure } from '../../shared/result.ts'
import { attributeChanges } from '../../users/index.ts'
import type { UserWithPassword } from '../../users/ports.ts'
import { missingAttributes, proven, stepAfterProof } from '../after-proof.ts'
import type { JourneyPorts } from '../ports.ts'
import { replacePassword } from '../replace-password.ts'
import {
  field,
  moved,
  refused,
  type StepAnswer,
  type StepHandler,
  type StepInput,
  triggerCall,
} from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'

/** The new password, and on with a fresh proof: whoever else is signed in as this person signs in again. */
const withNewPassword = async (
  ports: JourneyPorts,
  input: StepInput,
  found: UserWithPassword,
  done: { changePassword?: boolean },
): Promise<StepAnswer> => {
  const set = await replacePassword(ports, input, found, {
    event: { type: 'password.changed', detail: { step: input.flow.step } },
    endsSessions: true,
    mustDiffer: true,
  })
  if (!set.ok) return refused(set.failure)
  if (done.changePassword !== true) {
    const after = await ports.triggers.postAuthentication({ ...triggerCall(input, set.value), newDevice: false })
    if (!after.ok) return refused(after.failure)
  }
  return moved(
    await stepAfterProof(ports, input, set.value, done),
    // Made after everything before it was ended.
    proven({ sub: found.user.sub, authenticatedAt: input.now.getTime(), amr: ['pwd'] }),
  )
}

/** NEW_PASSWORD_REQUIRED: the temporary password was right and is not asked for again. */
export const submitForcedPassword: StepHandler = (ports) => async (input) => {
  const { account } = input.flow.state
  const found = account === null ? null : await ports.users.findBySub(input.pool.id, account.sub)
  // Disabled, or changed in another journey meanwhile: the temporary password of this one is worth nothing any more.
  if (found === null || !found.user.enabled || found.user.status !== 'FORCE_CHANGE_PASSWORD') {
    return moved('sign-in', droppedByEntry)
  }
  // Replaced by another temporary one, because it was lost or in the wrong hands.
  if ((found.password?.changedAt.getTime() ?? 0) > (account?.provenAt ?? 0)) return moved('sign-in', droppedByEntry)
  return withNewPassword(ports, input, found, {})
}

/** The change-password page of a signed-in person: the current password again, then the new one. */
export const submitChangedPassword: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, form, now, context } = input
  const sub = flow.state.proof?.sub ?? ''
  const found = await ports.users.findBySub(pool.id, sub)
  if (found === null || !found.user.enabled) return moved('sign-in', droppedByEntry)
  const current = field(form, 'current', 4096)
  if (current === '') return refused({ code: 'password-empty', field: 'current' })
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
  return withNewPassword(ports, input, found, { changePassword: true })
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
