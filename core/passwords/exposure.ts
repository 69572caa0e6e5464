import type { EventFacts } from '../events/index.ts'
import type { PoolSettings } from '../pools/pool-settings.ts'
import type { BreachSource, CompromisedPasswords } from './ports.ts'

/** When passwords are held against breaches; the pool decides for each. */
export const OCCASIONS = ['signUp', 'signIn', 'passwordChange'] as const
export type Occasion = (typeof OCCASIONS)[number]

/** A password that others know, and what the pool wants done about it. */
export interface Exposure {
  occasion: Occasion
  source: BreachSource
  action: 'tell' | 'change' | 'block'
}

export interface ExposurePorts {
  compromised: CompromisedPasswords
}

/**
 * Holds a password against breaches as the pool demands. `unchecked`: no source could tell, and the pool refuses then.
 *
 * @param password normalised; at sign-in only one that has just proved right, since the look-up takes a time of its own
 */
export const findExposure =
  ({ compromised }: ExposurePorts) =>
  async (
    { compromisedCredentials: demands }: Pick<PoolSettings, 'compromisedCredentials'>,
    occasion: Occasion,
    password: string,
  ): Promise<Exposure | null | 'unchecked'> => {
    const action = demands[occasion]
    if (action === 'off') return null
    const breach = await compromised.find(password)
    if (breach === 'unavailable') return demands.whenUnavailable === 'block' ? 'unchecked' : null
    return breach === null ? null : { occasion, source: breach.source, action }
  }

/** What the event says: source and action, nothing by which the password could be found. */
export const exposureFacts = ({ occasion, source, action }: Exposure): Pick<EventFacts, 'type' | 'detail'> => ({
  type: 'credentials.compromised',
  detail: { occasion, source, action },
})
