import { newEvent } from '../../events/index.ts'
import { authenticatedAt, freshProofs, type MethodProof } from '../../factors/index.ts'
import { checkDirectoryPassword, type DirectoryIdentity, replaceDirectoryPassword } from '../../federation/index.ts'
import { BUDGETS } from '../../limits/index.ts'
import type { Failure } from '../../shared/result.ts'
import type { UserWithPassword } from '../../users/ports.ts'
import { advance } from '../advance.ts'
import { noticeTo } from '../notice.ts'
import { owedBy } from '../owed.ts'
import type { JourneyPorts } from '../ports.ts'
import { field, refused, type StepAnswer, type StepInput } from '../step-handler.ts'

/** Somebody who typed their directory's password here. */
const proofBy = ({ directory: { name, settings } }: DirectoryIdentity, at: Date): MethodProof => ({
  method: 'federation',
  at: at.getTime(),
  federation: { provider: name, amr: ['pwd'], session: null, coversSecondFactor: settings.secondFactor === 'never' },
})

/**
 * The change-password page of somebody whose directory has the word about their password: as for a password of the pool, with the
 * directory's rules in place of its policy. While a second factor is owed the present password is only checked (attack 51).
 */
export const changeAtDirectory = async (
  ports: JourneyPorts,
  input: StepInput,
  found: UserWithPassword,
  theirs: DirectoryIdentity,
  current: string,
): Promise<StepAnswer> => {
  const { flow, pool, client, form, context, now } = input
  const { user } = found
  const { asksDirectory, identities } = ports.federation
  const directoryPorts = { ...ports, asksDirectory, identities }
  const event = (failure: Failure | null) =>
    newEvent(ports.random, now, {
      poolId: pool.id,
      type: 'password.changed',
      outcome: failure === null ? 'success' : 'failure',
      reason: failure?.code ?? null,
      sub: user.sub,
      clientId: client.id,
      flowId: flow.id,
      context,
      detail: {
        step: flow.step,
        provider: theirs.directory.name,
        ...(failure?.because === undefined ? {} : { because: failure.because }),
      },
    })
  const refuse = (failure: Failure): StepAnswer => refused(failure, {}, [event(failure)])
  const budget = await ports.attempts.take(pool.id, 'change-password', user.sub, BUDGETS['change-password'], now)
  if (budget.isSpent)
    return refuse({ code: 'too-many-attempts', params: { minutes: Math.ceil(budget.retryAfterSeconds / 60) } })
  const kept = freshProofs(flow.state.proofs, now).filter(
    ({ method, federation }) => method !== 'password' && federation?.provider !== theirs.directory.name,
  )
  const given = [...kept, proofBy(theirs, now)]
  const { request, judged } = flow.state
  const owed = await owedBy(ports, { pool, client, request, user, proofs: given, judged })
  if (owed.kind === 'prove') {
    const right = await checkDirectoryPassword(directoryPorts)(theirs, current)
    return right.ok ? advance(ports, input, { user, proofs: given }) : refuse(right.failure)
  }
  const set = await replaceDirectoryPassword(directoryPorts)({
    pool,
    found,
    theirs,
    current,
    next: field(form, 'password', 4096),
    at: now,
    endsSessionsBefore: new Date(authenticatedAt(given)),
    alongside: async () => ({
      events: [event(null)],
      messages: [...(await noticeTo(ports, input, user, 'password-changed'))],
    }),
  })
  if (!set.ok) return refuse(set.failure)
  // The moment of the cut must spare what was shown before it; sessions of between are ended one by one.
  if (kept.length > 0) await ports.sessions.endOthers(pool.id, user.sub, null, { events: [] })
  return advance(ports, input, {
    user: set.value,
    proofs: given,
    state: { owedPassword: null, buildsOnSession: false },
    done: { changePassword: true },
  })
}
