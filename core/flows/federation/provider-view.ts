import { labelOf, nameThere } from '../../federation/index.ts'
import { shownName } from '../../users/index.ts'
import type { ConnectView, ProviderButton } from '../flow-view.ts'
import type { ShowStep } from '../show-step.ts'
import { offeredProviders } from './offered-providers.ts'

/** Address of a journey that leaves for a provider. A name may hold letters of any script: it stands in the query. */
export const departurePath = (base: string, flowId: string, provider: string): string =>
  `${base}/flow/${flowId}/provider?${new URLSearchParams({ name: provider })}`

/** Steps at which somebody may still choose how to come in. */
const CHOOSING: ReadonlySet<string> = new Set(['sign-in', 'sign-up', 'choose-method', 'password'])

/** Ways in through the app's providers, on the pages where a way is chosen. */
export const providerButtons = ({
  flow,
  client,
  step,
  frame,
  providers,
  lastProvider,
}: Pick<ShowStep, 'flow' | 'client' | 'step' | 'frame' | 'providers' | 'lastProvider'>): readonly ProviderButton[] =>
  CHOOSING.has(step)
    ? offeredProviders(client, providers, lastProvider).map((provider) => ({
        name: provider.name,
        label: labelOf(provider),
        logo: provider.settings.logo,
        href: departurePath(frame.base, flow.id, provider.name),
        isLastUsed: provider.name === lastProvider,
      }))
    : []

/** What is about to be connected; null: nothing is. */
export const connectView = ({
  flow,
  pool,
  person,
  providers,
}: Pick<ShowStep, 'flow' | 'pool' | 'person' | 'providers'>): ConnectView | null => {
  const { identity, request } = flow.state
  const name = identity?.provider ?? (request.screen === 'connect-provider' ? request.provider : null)
  const provider = providers.find((known) => known.name === name)
  if (provider === undefined) return null
  return {
    provider: labelOf(provider),
    identity: identity === null ? null : nameThere(identity.identity.claims),
    account: person === null ? (identity?.offeredTo?.destination ?? '') : shownName(pool, person),
  }
}
