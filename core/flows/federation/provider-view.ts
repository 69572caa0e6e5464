import { labelOf, nameThere } from '../../federation/index.ts'
import { FAILURES } from '../../shared/failures.ts'
import { shownName } from '../../users/index.ts'
import type { ConnectView, FlowView, ProviderButton } from '../flow-view.ts'
import type { ShowStep } from '../show-step.ts'
import { offeredProviders } from './offered-providers.ts'

/** Address of a journey that leaves for a provider. A name may hold letters of any script: it stands in the query. */
export const departurePath = (base: string, flowId: string, provider: string): string =>
  `${base}/flow/${flowId}/provider?${new URLSearchParams({ name: provider })}`

/** Steps at which somebody may still choose how to come in. */
const CHOOSING: ReadonlySet<string> = new Set(['sign-in', 'sign-up', 'choose-method', 'password'])

/** Pages on which an account is proven. */
const PROVING: ReadonlySet<string> = new Set(['sign-in', 'choose-method', 'password', 'sign-in-code'])

/** The provider whose identity waits for an account to be proven; null: none does. */
export const waitingProvider = ({ flow }: Pick<ShowStep, 'flow'>): string | null =>
  flow.state.identity?.offeredTo == null ? null : flow.state.identity.provider

/** What a page on which an account is proven says of why; null: nothing. It stays, whatever is typed wrong meanwhile. */
export const proofNotice = (
  input: Pick<ShowStep, 'flow' | 'step' | 'pool' | 'person' | 'providers'>,
): Pick<FlowView, 'notice'> =>
  PROVING.has(input.step) && waitingProvider(input) !== null && connectView(input) !== null
    ? { notice: 'proveToConnect' }
    : { notice: null }

/**
 * Ways in through the app's providers, on the pages where a way is chosen. Not the one that the person has just come from: it would
 * lead back to the question whose account that is.
 */
export const providerButtons = ({
  flow,
  client,
  step,
  frame,
  providers,
  lastProvider,
}: Pick<ShowStep, 'flow' | 'client' | 'step' | 'frame' | 'providers' | 'lastProvider'>): readonly ProviderButton[] =>
  CHOOSING.has(step)
    ? offeredProviders(client, providers, lastProvider)
        .filter(({ name }) => name !== waitingProvider({ flow }))
        .map((provider) => ({
          name: provider.name,
          label: labelOf(provider),
          logo: provider.settings.logo,
          href: departurePath(frame.base, flow.id, provider.name),
          isLastUsed: provider.name === lastProvider,
        }))
    : []

/** Failures that the same question asked again would meet again. */
const REFUSED: ReadonlySet<string> = new Set([
  FAILURES['identity-taken'].message,
  FAILURES['too-many-identities'].message,
])

/** What is about to be connected; null: nothing is. */
export const connectView = ({
  flow,
  pool,
  person,
  providers,
}: Pick<ShowStep, 'flow' | 'pool' | 'person' | 'providers'>): ConnectView | null => {
  const { identity, request, failure } = flow.state
  const name = identity?.provider ?? (request.screen === 'connect-provider' ? request.provider : null)
  const provider = providers.find((known) => known.name === name)
  if (provider === undefined) return null
  return {
    provider: labelOf(provider),
    identity: identity === null ? null : nameThere(identity.identity.claims),
    account: person === null ? (identity?.offeredTo?.destination ?? '') : shownName(pool, person),
    isFromAccount: request.screen === 'connect-provider',
    isRefused: REFUSED.has(failure?.message ?? ''),
  }
}
