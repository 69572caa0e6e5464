import { newEvent } from '../../events/index.ts'
import { isFresh, type MethodProof } from '../../factors/index.ts'
import { identityAt, labelOf, mapAttributes } from '../../federation/index.ts'
import { shownName } from '../../users/index.ts'
import { stepAfterProof } from '../after-proof.ts'
import { noteSignIn } from '../federation/note-sign-in.ts'
import { isOffered, type Purpose } from '../federation/offered-providers.ts'
import { enterAsNewUser } from '../federation/welcome.ts'
import { asksNameFirst } from '../first-factors.ts'
import type { PendingIdentity } from '../flow.ts'
import { noticeTo } from '../notice.ts'
import { factorsOfUser } from '../owed.ts'
import type { JourneyPorts } from '../ports.ts'
import { moved, refused, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { provenPerson } from './by-choice.ts'
import { afterName } from './first-code.ts'

/** The identity's provider, as long as people of the app may use it. */
const providerOf = async (
  ports: JourneyPorts,
  { pool, client }: StepInput,
  { provider }: PendingIdentity,
  purpose: Purpose,
) => {
  const known = await ports.federation.providers.find(pool.id, provider)
  return known !== null && isOffered(client, known, purpose) ? known : null
}

/** The person wants to prove the account that has the same address: by any of the pool's ways, as that name. */
export const submitLinkAccount: StepHandler = (ports) => async (input) => {
  const { identity, values } = input.flow.state
  const found = identity?.offeredTo == null ? null : await ports.users.findBySub(input.pool.id, identity.offeredTo.sub)
  if (found === null) return moved('sign-in', { ...droppedByEntry, identity: null })
  // The address is the provider's word and verified: it may be shown again where it was typed by nobody.
  const username = shownName(input.pool, found.user)
  const named = { values: { ...values, username } }
  if (!asksNameFirst(input.pool.settings)) return moved('sign-in', named)
  const flow = { ...input.flow, state: { ...input.flow.state, ...named } }
  const answer = await afterName(ports, { ...input, flow }, username)
  return answer.kind === 'moved' ? { ...answer, state: { ...named, ...answer.state } } : answer
}

/** The person wants no connection: a profile of its own. */
export const enterSeparately: StepHandler = (ports) => async (input) => {
  const { identity } = input.flow.state
  const provider = identity === null ? null : await providerOf(ports, input, identity, 'sign-in')
  if (identity === null || provider === null) return moved('sign-in', { ...droppedByEntry, identity: null })
  return enterAsNewUser(ports, input, provider, identity.identity)
}

/**
 * The proofs, the last of which names the session at the provider that began on the way, so that signing out ends it too. It shows
 * nothing besides: the account was proven without the provider. A provider that proved the account keeps its own session there.
 */
const withSession = (
  proofs: readonly MethodProof[],
  provider: string,
  session: string | null,
): readonly MethodProof[] => {
  const last = proofs.findLastIndex(({ method, federation }) => method !== 'device' && federation === undefined)
  return session === null
    ? proofs
    : proofs.map((proof, n) =>
        n === last ? { ...proof, federation: { provider, amr: [], session, coversSecondFactor: false } } : proof,
      )
}

/** A double click, or a second tab, has connected it to this very account. */
const isConnectedTo = async (
  { federation: { identities } }: JourneyPorts,
  { pool }: StepInput,
  provider: { name: string },
  subject: string,
  { sub }: { sub: string },
): Promise<boolean> => (await identities.find({ poolId: pool.id, provider: provider.name, subject }))?.sub === sub

/**
 * The last word: the identity is connected to the account that was proven in this journey, or of which the browser has a
 * session that is fresh (attacks 31, 61). Without an identity yet the person leaves to fetch it.
 */
export const submitConnect: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, context, now } = input
  const { identity: pending, proof, request } = flow.state
  const user = await provenPerson(ports, input)
  if (user === null || proof === null) return moved('sign-in', { ...droppedByEntry, identity: null })
  if (pending === null)
    return request.provider === null
      ? moved('connect-provider')
      : { ...moved('connect-provider'), leavesFor: request.provider }
  const factors = factorsOfUser(pool, user, await ports.factors.list(pool.id, user.sub))
  const isTheirs = pending.offeredTo === null || pending.offeredTo.sub === user.sub
  if (!isTheirs || !isFresh(proof.proofs, factors, now)) return moved('sign-in', { ...droppedByEntry, identity: null })
  const provider = await providerOf(ports, input, pending, 'connect')
  if (provider === null) return refused({ code: 'provider-not-offered' })
  const { identity } = pending
  const linked = await ports.federation.identities.link(
    identityAt(provider, identity.subject, { isPrimary: false, at: now }),
    user.sub,
    {
      events: [
        newEvent(ports.random, now, {
          poolId: pool.id,
          type: 'identity.linked',
          outcome: 'success',
          sub: user.sub,
          clientId: client.id,
          flowId: flow.id,
          context,
          detail: { provider: provider.name },
        }),
      ],
      messages: await noticeTo(ports, input, user, 'identity-linked', { provider: labelOf(provider) }),
    },
  )
  if (!linked.ok && !(await isConnectedTo(ports, input, provider, identity.subject, user)))
    return refused({ ...linked.failure, params: { provider: provider.name } })
  // Who came from their account stands on the session that they have here: that one goes on as it was.
  const isSignIn = pending.offeredTo !== null
  const said = isSignIn ? identity : { ...identity, session: null }
  const session = await noteSignIn(
    ports,
    input,
    provider,
    said,
    user,
    mapAttributes(provider.settings, identity.claims),
  )
  const proofs = withSession(proof.proofs, provider.name, session)
  const step = await stepAfterProof(ports, input, user, { connect: true })
  return moved(step, { identity: null, proofs, proof: { ...proof, proofs } })
}

/** Not now: the journey goes on as the account that was proven. */
export const declineConnect: StepHandler = (ports) => async (input) => {
  const user = await provenPerson(ports, input)
  if (user === null) return moved('sign-in', { ...droppedByEntry, identity: null })
  return moved(await stepAfterProof(ports, input, user, { connect: true }), { identity: null })
}
