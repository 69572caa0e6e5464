import type { SignInProfile } from './profile.ts'

/** Where an address is, as far as the data says. */
export interface Place {
  /** ISO 3166-1 alpha-2, upper case. */
  country: string
  city: string | null
  /** Both or neither; of the place itself, never of the country's middle. */
  lat: number | null
  lon: number | null
  /** Radius in which the address is likely to be; null where the data does not say. */
  accuracyKm: number | null
}

/** What the browser says about itself without being asked (User-Agent Client Hints, low entropy). Null: header absent. */
export interface ClientHints {
  /** `Sec-CH-UA`. */
  brands: string | null
  /** `Sec-CH-UA-Platform`, quotes included. */
  platform: string | null
}

/** The request that asks to sign in. */
export interface RiskRequest {
  at: Date
  /** Null when it could not be read. That is never a pass. */
  ip: string | null
  place: Place | null
  userAgent: string | null
  clientHints: ClientHints | null
  acceptLanguage: string | null
  /** Browsers send client hints over https (and to localhost) alone. */
  isSecure: boolean
}

/** The device whose signed cookie came with the request and belongs to this person. */
export interface DeviceFacts {
  firstSeenAt: Date
  lastSeenAt: Date
  /** `agentOf` the browser that it was given to; null where that is not kept. */
  agent: string | null
}

/** Counted within the last `RISK_WINDOW_SECONDS`. */
export interface RiskCounts {
  /** Wrong passwords of this account, from everywhere. */
  accountFailures: number
  /** Different accounts whose password was wrong from this network. */
  networkAccounts: number
}

export const RISK_WINDOW_SECONDS = 3600

/** All that a sign-in is judged by. Gathered once, after the password was right; judged without any input or output. */
export interface RiskFacts {
  request: RiskRequest
  device: DeviceFacts | null
  profile: SignInProfile
  counts: RiskCounts
  /** When the password, a factor or a contact that recovers them was last changed; null: not known. */
  credentialChangedAt: Date | null
  /** The address is on the operator's list of bad networks. */
  isBadNetwork: boolean
}
