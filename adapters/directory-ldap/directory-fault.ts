import type { Result } from '#core/shared/result.ts'
import { type LdapRefusal, refuse } from './refusals.ts'

/** Another server of the same directory may do better; what was asked is worth asking there. */
const OF_ONE_SERVER: ReadonlySet<LdapRefusal> = new Set<LdapRefusal>([
  ...(['address-refused', 'not-reached', 'too-slow', 'connection-lost', 'certificate-refused', 'tls-failed'] as const),
  ...(['starttls-refused', 'starttls-injected', 'plain-refused', 'tls-required', 'server-busy'] as const),
  ...(['answer-malformed', 'answer-too-large'] as const),
])

/** A conversation with a server that cannot go on. Thrown within this adapter, and a refusal at its edge. */
export class DirectoryFault extends Error {
  readonly refusal: LdapRefusal
  readonly detail: string | undefined
  /** A password was sent already: asking another server would count a wrong one twice. */
  isAfterPassword = false

  constructor(refusal: LdapRefusal, detail?: string) {
    super(refusal)
    this.refusal = refusal
    this.detail = detail
  }

  get isOfOneServer(): boolean {
    return OF_ONE_SERVER.has(this.refusal)
  }

  get asResult(): Result<never> {
    return refuse(this.refusal, this.detail)
  }
}

const CODE_REFUSALS: Readonly<Record<number, LdapRefusal>> = {
  1: 'server-busy', // operationsError; Active Directory's word for "bind first", too
  3: 'server-busy', // timeLimitExceeded
  8: 'tls-required', // strongerAuthRequired
  10: 'referral',
  11: 'server-busy', // adminLimitExceeded
  13: 'tls-required', // confidentialityRequired
  48: 'service-refused', // inappropriateAuthentication
  49: 'service-refused', // invalidCredentials
  50: 'service-refused', // insufficientAccessRights
  51: 'server-busy', // busy
  52: 'server-busy', // unavailable
  80: 'server-busy', // other
}

/** RFC 4511 Appendix A: the result code of what the library threw; null: it threw for another reason. */
export const resultCodeOf = (error: unknown): number | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null

/** What a result other than success means, outside a bind by a person. */
export const faultOfResult = (code: number): DirectoryFault =>
  new DirectoryFault(CODE_REFUSALS[code] ?? 'result-unexpected', `result ${code}`)
