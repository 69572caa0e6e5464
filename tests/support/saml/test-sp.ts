import { createSign } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { DOMParser } from '@xmldom/xmldom'
import type { PoolKey } from '#adapters/saml/sign-message.ts'
import type { ClientSettingsInput } from '#core/clients/client-settings.ts'
import type { SamlAppSettingsInput } from '#core/saml-idp/index.ts'
import type { Departure } from '../form-browser.ts'
import { canonical, contentText, type SignatureRecipe, STANDARD, signatureOver } from './canonical-xml.ts'
import { selfSigned } from './self-signed.ts'

const PROTOCOL = { 'xmlns:samlp': 'urn:oasis:names:tc:SAML:2.0:protocol' }
const ASSERTION = { 'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion' }

let made: Record<'wiki' | 'desk' | 'stranger', PoolKey> | null = null
/** Keys are dear: made once for each process. */
export const spKeys = () => {
  made ??= { wiki: selfSigned('wiki.example'), desk: selfSigned('desk.example'), stranger: selfSigned('evil.example') }
  return made
}

/** A service provider that is nobody's library: messages in canonical form, signed with `node:crypto`. */
export interface TestSp {
  entityId: string
  acs: string
  slo: string
  key: PoolKey
}

export const testSp = (name: 'wiki' | 'desk' = 'wiki'): TestSp => ({
  entityId: `https://${name}.example/saml`,
  acs: `https://${name}.example/saml/acs`,
  slo: `https://${name}.example/saml/slo`,
  key: spKeys()[name],
})

/** Settings of a client for it. */
export const clientOf = (sp: TestSp, saml: Partial<SamlAppSettingsInput> = {}): ClientSettingsInput => ({
  type: 'saml',
  callbackUrls: [],
  saml: {
    entityId: sp.entityId,
    assertionConsumers: [
      { url: sp.acs, index: 0 },
      { url: `${sp.acs}/second`, index: 7 },
    ],
    logout: { redirect: sp.slo },
    certificates: [sp.key.certificate],
    ...saml,
  },
})

let count = 0
export const newId = (): string => {
  count += 1
  return `_message-${process.pid}-${count}`
}

/** What a sign-in request says; null leaves an attribute out. */
export interface Asking {
  id: string
  issuer: string
  destination: string | null
  issuedAt: string
  acsUrl: string | null
  acsIndex: string | null
  binding: string | null
  forceAuthn: string | null
  isPassive: string | null
  /** XML behind the issuer and the signature. */
  inside: string
}

export const authnRequestXml = (sp: TestSp, ssoUrl: string, changes: Partial<Asking> = {}, signature = ''): string => {
  const asking: Asking = {
    id: newId(),
    issuer: sp.entityId,
    destination: ssoUrl,
    issuedAt: new Date().toISOString(),
    acsUrl: null,
    acsIndex: null,
    binding: null,
    forceAuthn: null,
    isPassive: null,
    inside: '',
    ...changes,
  }
  return canonical(
    'samlp:AuthnRequest',
    {
      ...PROTOCOL,
      AssertionConsumerServiceIndex: asking.acsIndex,
      AssertionConsumerServiceURL: asking.acsUrl,
      Destination: asking.destination,
      ForceAuthn: asking.forceAuthn,
      ID: asking.id,
      IsPassive: asking.isPassive,
      IssueInstant: asking.issuedAt,
      ProtocolBinding: asking.binding,
      Version: '2.0',
    },
    canonical('saml:Issuer', ASSERTION, contentText(asking.issuer)),
    signature,
    asking.inside,
  )
}

export const nameIdPolicy = (format: string): string => canonical('samlp:NameIDPolicy', { Format: format })
export const requestedContext = (comparison: string, ...contexts: string[]): string =>
  canonical(
    'samlp:RequestedAuthnContext',
    { Comparison: comparison },
    ...contexts.map((one) => canonical('saml:AuthnContextClassRef', ASSERTION, one)),
  )

/** The same request with its enveloped signature. */
export const signedRequestXml = (
  sp: TestSp,
  ssoUrl: string,
  changes: Partial<Asking> = {},
  { key = sp.key, recipe = {} }: { key?: PoolKey; recipe?: Partial<SignatureRecipe> } = {},
): string => {
  const fixed = { id: newId(), issuedAt: new Date().toISOString(), ...changes }
  const plain = authnRequestXml(sp, ssoUrl, fixed)
  return authnRequestXml(sp, ssoUrl, fixed, signatureOver(plain, fixed.id, key, recipe))
}

export interface LogoutAsking {
  id: string
  destination: string
  issuedAt: string
  nameId: string
  format: string
  sessionIndex: string | null
}

export const logoutRequestXml = (sp: TestSp, asking: LogoutAsking, signature = ''): string =>
  canonical(
    'samlp:LogoutRequest',
    { ...PROTOCOL, Destination: asking.destination, ID: asking.id, IssueInstant: asking.issuedAt, Version: '2.0' },
    canonical('saml:Issuer', ASSERTION, sp.entityId),
    signature,
    canonical('saml:NameID', { ...ASSERTION, Format: asking.format }, contentText(asking.nameId)),
    asking.sessionIndex === null ? '' : canonical('samlp:SessionIndex', {}, asking.sessionIndex),
  )

export const logoutResponseXml = (sp: TestSp, destination: string, inResponseTo: string, status = 'Success'): string =>
  canonical(
    'samlp:LogoutResponse',
    {
      ...PROTOCOL,
      Destination: destination,
      ID: newId(),
      InResponseTo: inResponseTo,
      IssueInstant: new Date().toISOString(),
      Version: '2.0',
    },
    canonical('saml:Issuer', ASSERTION, sp.entityId),
    canonical(
      'samlp:Status',
      {},
      canonical('samlp:StatusCode', { Value: `urn:oasis:names:tc:SAML:2.0:status:${status}` }),
    ),
  )

/** A message in a query, signed as SAML 2.0 Bindings §3.4.4.1 says; null: unsigned. */
export const redirected = (
  to: string,
  field: 'SAMLRequest' | 'SAMLResponse',
  xml: string,
  { key, relayState = null }: { key: PoolKey | null; relayState?: string | null },
): string => {
  const parts = [`${field}=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`]
  if (relayState !== null) parts.push(`RelayState=${encodeURIComponent(relayState)}`)
  if (key === null) return `${to}?${parts.join('&')}`
  const signed = [...parts, `SigAlg=${encodeURIComponent(STANDARD.signatureMethod)}`].join('&')
  const signature = createSign('sha256').update(signed).sign(key.privateKey, 'base64')
  return `${to}?${signed}&Signature=${encodeURIComponent(signature)}`
}

export const posted = (
  xml: string,
  relayState: string | null = null,
  field = 'SAMLRequest',
): Record<string, string> => ({
  [field]: Buffer.from(xml).toString('base64'),
  ...(relayState === null ? {} : { RelayState: relayState }),
})

/** What arrived at the service provider, opened; it is for tests to look at, and verified by others. */
export interface Arrived {
  /** Where it was sent. */
  to: string
  xml: string
  relayState: string | null
  /** Values of an attribute at every element of a name. */
  all(name: string, attribute?: string): string[]
  /** Text of the one element of a name, or one of its attributes; null: there is none. */
  one(name: string, attribute?: string): string | null
}

const opened = (xml: string, to: string, relayState: string | null): Arrived => {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement
  const all = (name: string, attribute?: string) =>
    [root, ...Array.from(root.getElementsByTagName('*'))]
      .filter(({ localName }) => localName === name)
      .map((one) => (attribute === undefined ? (one.textContent ?? '') : (one.getAttribute(attribute) ?? '')))
  return { to, xml, relayState, all, one: (name, attribute) => all(name, attribute)[0] ?? null }
}

/** A message of ours as the browser carried it there, by form or by query. */
export const arrivedAt = ({ url, method, fields }: Departure): Arrived => {
  const parameters = method === 'POST' ? fields : url.searchParams
  const field = parameters.get('SAMLResponse') ?? parameters.get('SAMLRequest') ?? ''
  const bytes = Buffer.from(field, 'base64')
  const xml = method === 'POST' ? bytes.toString('utf8') : inflateRawSync(bytes).toString('utf8')
  return opened(xml, `${url.origin}${url.pathname}`, parameters.get('RelayState'))
}
