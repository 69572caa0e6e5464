import { NAME_ID_FORMATS, type NameIdFormat } from '../federation/saml-settings.ts'
import type { User } from '../users/user.ts'
import { attributesFor, type SamlAttribute } from './attributes.ts'
import { classRefOf, meetsContext, type WantedContext, wantedContext } from './authn-context.ts'
import type { AuthnRequest } from './authn-request.ts'
import { nameIdFormatFor, nameIdOf } from './name-id.ts'
import type { SamlAppSettings } from './saml-app-settings.ts'

/** How a sign-in did not come about, in the words of SAML 2.0 Core §3.2.2.2 (second level). */
export type RefusedStatus =
  | 'AuthnFailed'
  | 'InvalidNameIDPolicy'
  | 'NoAuthnContext'
  | 'NoPassive'
  | 'RequestDenied'
  | 'UnknownPrincipal'

/** What a journey on behalf of a service provider has to bring about. Plain JSON, kept until it comes back. */
export interface Wanted {
  nameIdFormat: NameIdFormat
  context: WantedContext
  /** `none`: no page may be shown; `login`: everything anew. */
  prompt: 'none' | 'login' | null
}

/** What is to be done about a request whose answer has a proven address: a journey, or a refusal at once. */
export const wantedOf = (
  settings: SamlAppSettings,
  request: Pick<AuthnRequest, 'nameIdFormat' | 'contexts' | 'comparison' | 'forceAuthn' | 'isPassive'>,
): { ok: true; wanted: Wanted } | { ok: false; status: RefusedStatus } => {
  const nameIdFormat = nameIdFormatFor(settings, request.nameIdFormat)
  if (nameIdFormat === null) return { ok: false, status: 'InvalidNameIDPolicy' }
  const context = wantedContext(request)
  if (context === null) return { ok: false, status: 'NoAuthnContext' }
  // To be asked anew without being asked cannot be had.
  if (request.forceAuthn && request.isPassive) return { ok: false, status: 'NoPassive' }
  return {
    ok: true,
    wanted: { nameIdFormat, context, prompt: request.isPassive ? 'none' : request.forceAuthn ? 'login' : null },
  }
}

/** The refusal that an error of our authorization endpoint is. RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6 */
export const statusOfError = (error: string): RefusedStatus => {
  switch (error) {
    case 'login_required':
    case 'interaction_required':
    case 'consent_required':
    case 'account_selection_required':
      return 'NoPassive'
    case 'unmet_authentication_requirements':
      return 'NoAuthnContext'
    case 'access_denied':
      return 'RequestDenied'
    default:
      return 'AuthnFailed'
  }
}

/** Who signed in, and how, as the code of the journey says. */
export interface SignInShown {
  user: Pick<User, 'sub' | 'username' | 'attributes'>
  /** As an ID token would say them, and `sub`. */
  claims: Readonly<Record<string, unknown>>
  /** Names the client in the browser's session, and nothing else. */
  sessionIndex: string
  /** Epoch seconds. */
  authenticatedAt: number
  acr: string | undefined
  amr: readonly string[]
}

/** What an assertion says (SAML 2.0 Core §2.3.3); the adapter writes it down and signs it. */
export interface AssertionContents {
  nameId: { value: string; format: string }
  sessionIndex: string
  /** Epoch milliseconds. */
  authenticatedAt: number
  classRef: string
  /** Entity id of the client. */
  audience: string
  recipient: string
  /** Null: nobody asked. */
  inResponseTo: string | null
  /** Epoch milliseconds. */
  notBefore: number
  notOnOrAfter: number
  attributes: readonly SamlAttribute[]
}

/** Time in which a browser carries it over. */
const ASSERTION_LIFE_MS = 300_000
/** For a clock there that is slow. */
const BACKDATED_MS = 60_000

/**
 * What the client is told of a sign-in, and until when. Refused with `NoAuthnContext` where less was shown than was asked for, and with
 * `InvalidNameIDPolicy` where the person has no name of the kind: an address that is not proven is none.
 *
 * @param names secret of the pool, base64url (PairwiseSecrets)
 * @param now epoch milliseconds
 */
export const assertionFor = (
  client: { id: string; saml: SamlAppSettings },
  wanted: Wanted,
  shown: SignInShown,
  asked: { acsUrl: string; requestId: string | null },
  { names, now }: { names: string; now: number },
): { ok: true; contents: AssertionContents } | { ok: false; status: RefusedStatus } => {
  if (!meetsContext(wanted.context, shown.acr)) return { ok: false, status: 'NoAuthnContext' }
  const { user, sessionIndex } = shown
  const value = nameIdOf(names, wanted.nameIdFormat, { clientId: client.id, sessionIndex, user })
  if (value === null) return { ok: false, status: 'InvalidNameIDPolicy' }
  return {
    ok: true,
    contents: {
      nameId: { value, format: NAME_ID_FORMATS[wanted.nameIdFormat] },
      sessionIndex,
      authenticatedAt: shown.authenticatedAt * 1000,
      classRef: classRefOf(wanted.context, shown),
      audience: client.saml.entityId,
      recipient: asked.acsUrl,
      inResponseTo: asked.requestId,
      notBefore: now - BACKDATED_MS,
      notOnOrAfter: now + ASSERTION_LIFE_MS,
      attributes: attributesFor(client.saml, shown.claims),
    },
  }
}
