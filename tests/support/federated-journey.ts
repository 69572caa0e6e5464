import type { ProviderSettings } from '#core/federation/provider-settings.ts'
import { OidcProviderSettings } from '#core/federation/provider-settings.ts'
import {
  keepArrival,
  type LeaveAnswer,
  leaveForProvider,
  returnFromProvider,
  type SubmitAnswer,
} from '#core/flows/index.ts'
import { NOON } from './builders.ts'
import { aJourney, type Journey, type JourneyOptions } from './journey.ts'

/** A provider that is believed about addresses that it calls verified. */
export const corporate = (overrides: Record<string, unknown> = {}): ProviderSettings =>
  OidcProviderSettings.parse({
    kind: 'oidc',
    name: 'Corporate',
    clientId: 'portico',
    issuer: 'https://idp.example',
    trustsEmail: 'if-verified',
    attributeMapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
    ...overrides,
  })

export const BROWSER = { requestId: 'request', ip: '203.0.113.7', userAgent: 'a browser' }

export interface FederatedJourney extends Journey {
  leave(provider?: string): Promise<LeaveAnswer>
  /** The provider's answer arrives; by the state of the last departure unless told otherwise. */
  arrive(parameters?: Record<string, string>): ReturnType<ReturnType<typeof keepArrival>>
  /** By the receipt of the last arrival unless told otherwise. */
  back(receipt?: string): Promise<SubmitAnswer>
  /** There and back. */
  comeBy(provider?: string): Promise<SubmitAnswer>
  putProvider(settings: ProviderSettings): Promise<void>
  /** Another journey of the same pool, people and providers. */
  restart(): Promise<FederatedJourney>
}

/** A journey in a pool with identity providers, of which the tests are the other end. */
export const aFederatedJourney = async ({
  providers = [corporate()],
  ...options
}: JourneyOptions & { providers?: readonly ProviderSettings[] } = {}): Promise<FederatedJourney> => {
  const journey = await aJourney(options)
  const { pool, providerStore } = journey
  for (const settings of providers) {
    const created = await providerStore.create(
      { poolId: pool.id, name: settings.name, settings, createdAt: NOON, updatedAt: NOON },
      null,
      { events: [] },
    )
    if (!created.ok) throw new Error(created.failure.code)
  }
  return overProviders(journey)
}

/** A journey of a pool whose providers are there. */
const overProviders = (journey: Journey): FederatedJourney => {
  const { ports, pool, client, upstream, providerStore } = journey
  const leave = async (provider = 'Corporate') =>
    leaveForProvider(ports)({ flow: await journey.flow(), pool, client, context: BROWSER, provider })
  let receipt = ''
  const arrive = async (parameters: Record<string, string> = {}) => {
    const arrived = await keepArrival(ports)(pool.id, parameters.state ?? upstream.requests.at(-1)?.state ?? '', {
      method: 'GET',
      url: 'https://auth.example.com/oauth2/idpresponse',
      parameters: { state: upstream.requests.at(-1)?.state ?? '', code: 'code', ...parameters },
      now: ports.clock.now().getTime(),
    })
    if (arrived.ok) receipt = arrived.value.receipt
    return arrived
  }
  const back = async (brought = receipt) => {
    const flow = await journey.flow()
    return returnFromProvider(ports)({ flow, pool, client, context: BROWSER, idleSeconds: 3600, receipt: brought })
  }
  return {
    ...journey,
    leave,
    arrive,
    back,
    async comeBy(provider) {
      await leave(provider)
      await arrive()
      return back()
    },
    async putProvider(settings) {
      const changed = await providerStore.change(
        { poolId: pool.id, name: settings.name, settings, createdAt: NOON, updatedAt: NOON },
        undefined,
        { events: [] },
      )
      if (!changed.ok) throw new Error(changed.failure.code)
    },
    async restart() {
      return overProviders({ ...journey, ...(await journey.another()) })
    },
  }
}

/** What the page says went wrong. */
export const failureOf = async (journey: FederatedJourney): Promise<string | undefined> =>
  (await journey.flow()).state.failure?.message

export const lastEvent = ({ written }: FederatedJourney, type: string) =>
  written.events.findLast((event) => event.type === type)

/** Who a finished journey signs in; undefined: it is not over. */
export const signedIn = async (journey: FederatedJourney): Promise<string | undefined> => {
  const { step, state } = await journey.flow()
  return step === 'done' ? state.proof?.sub : undefined
}
