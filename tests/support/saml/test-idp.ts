import { constants, createCipheriv, publicEncrypt, randomBytes, X509Certificate } from 'node:crypto'
import type { PoolKey } from '#adapters/saml/sign-message.ts'
import {
  type Attributes,
  bareCertificate,
  canonical,
  contentText,
  type SignatureRecipe,
  signatureOver,
} from './canonical-xml.ts'
import { selfSigned } from './self-signed.ts'

const PROTOCOL = { 'xmlns:samlp': 'urn:oasis:names:tc:SAML:2.0:protocol' }
const ASSERTION = { 'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion' }

export const IDP_ENTITY = 'https://idp.example/metadata'
export const SP_ENTITY = 'urn:portico:sp:eu_1'
export const ACS = 'https://id.example/saml2/idpresponse'
export const LOGOUT = 'https://id.example/saml2/logout'
export const AT = Date.parse('2026-11-21T12:00:00Z')
export const REQUEST_ID = '_request-of-this-browser'

const moment = (seconds: number): string => new Date(AT + seconds * 1000).toISOString()

let made: Record<'idp' | 'other' | 'pool', PoolKey> | null = null
/** Keys are dear: made once for each process. */
export const keys = () => {
  made ??= { idp: selfSigned('idp.example'), other: selfSigned('other.example'), pool: selfSigned('pool') }
  return made
}

/** Everything a response says; a test changes what it is about. Null leaves an attribute out. Times are in seconds from noon. */
export interface Said {
  assertionId: string
  responseId: string
  issuer: string
  responseIssuer: string
  destination: string | null
  inResponseTo: string | null
  subjectInResponseTo: string | null
  recipient: string | null
  audience: string | null
  /** XML inside NameID. */
  nameId: string
  nameIdFormat: string | null
  notBefore: number
  notOnOrAfter: number
  confirmationEnd: number | null
  issuedAt: number
  authenticatedAt: number
  sessionEnd: number | null
  context: string
  confirmationMethod: string
  /** XML. */
  conditions: string
  attributes: Readonly<Record<string, readonly string[]>>
  status: string
  /** XML before the assertion. */
  extensions: string
}

export const SAID: Said = {
  assertionId: '_assertion-1',
  responseId: '_response-1',
  issuer: IDP_ENTITY,
  responseIssuer: IDP_ENTITY,
  destination: ACS,
  inResponseTo: REQUEST_ID,
  subjectInResponseTo: REQUEST_ID,
  recipient: ACS,
  audience: SP_ENTITY,
  nameId: 'ann@fjord-books.example',
  nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  notBefore: -60,
  notOnOrAfter: 300,
  confirmationEnd: 300,
  issuedAt: 0,
  authenticatedAt: -5,
  sessionEnd: null,
  context: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  confirmationMethod: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
  conditions: '',
  attributes: { email: ['ann@fjord-books.example'], groups: ['readers', 'editors'] },
  status: 'urn:oasis:names:tc:SAML:2.0:status:Success',
  extensions: '',
}

const issuer = (name: string, attributes: Attributes) => canonical('saml:Issuer', attributes, contentText(name))

const subject = (said: Said): string => {
  const data = {
    InResponseTo: said.subjectInResponseTo,
    NotOnOrAfter: said.confirmationEnd === null ? null : moment(said.confirmationEnd),
    Recipient: said.recipient,
  }
  return canonical(
    'saml:Subject',
    {},
    canonical('saml:NameID', { Format: said.nameIdFormat }, said.nameId),
    canonical(
      'saml:SubjectConfirmation',
      { Method: said.confirmationMethod },
      canonical('saml:SubjectConfirmationData', data),
    ),
  )
}

const attributeStatement = (attributes: Said['attributes']): string =>
  canonical(
    'saml:AttributeStatement',
    {},
    ...Object.entries(attributes).map(([Name, values]) =>
      canonical(
        'saml:Attribute',
        { Name },
        ...values.map((value) => canonical('saml:AttributeValue', {}, contentText(value))),
      ),
    ),
  )

/** An assertion in canonical form; `signature` goes behind its Issuer. */
export const assertionXml = (changes: Partial<Said> = {}, signature = ''): string => {
  const said = { ...SAID, ...changes }
  const audience =
    said.audience === null
      ? ''
      : canonical('saml:AudienceRestriction', {}, canonical('saml:Audience', {}, contentText(said.audience)))
  return canonical(
    'saml:Assertion',
    { ...ASSERTION, ID: said.assertionId, IssueInstant: moment(said.issuedAt), Version: '2.0' },
    issuer(said.issuer, {}),
    signature,
    subject(said),
    canonical(
      'saml:Conditions',
      { NotBefore: moment(said.notBefore), NotOnOrAfter: moment(said.notOnOrAfter) },
      audience,
      said.conditions,
    ),
    canonical(
      'saml:AuthnStatement',
      {
        AuthnInstant: moment(said.authenticatedAt),
        SessionIndex: 'session-7',
        SessionNotOnOrAfter: said.sessionEnd === null ? null : moment(said.sessionEnd),
      },
      canonical('saml:AuthnContext', {}, canonical('saml:AuthnContextClassRef', {}, said.context)),
    ),
    attributeStatement(said.attributes),
  )
}

export type Signing = { key?: PoolKey; recipe?: Partial<SignatureRecipe> } | null

export const signedAssertion = (changes: Partial<Said> = {}, signing: Signing = {}): string => {
  if (signing === null) return assertionXml(changes)
  const id = changes.assertionId ?? SAID.assertionId
  return assertionXml(changes, signatureOver(assertionXml(changes), id, signing.key ?? keys().idp, signing.recipe))
}

/** A response around what stands where the assertion belongs. */
export const responseXml = (content: string, changes: Partial<Said> = {}, signature = ''): string => {
  const said = { ...SAID, ...changes }
  return canonical(
    'samlp:Response',
    {
      ...PROTOCOL,
      Destination: said.destination,
      ID: said.responseId,
      InResponseTo: said.inResponseTo,
      IssueInstant: moment(said.issuedAt),
      Version: '2.0',
    },
    issuer(said.responseIssuer, ASSERTION),
    signature,
    said.extensions,
    canonical('samlp:Status', {}, canonical('samlp:StatusCode', { Value: said.status })),
    content,
  )
}

export const signedResponse = (content: string, changes: Partial<Said> = {}, signing: Signing = {}): string => {
  if (signing === null) return responseXml(content, changes)
  const id = changes.responseId ?? SAID.responseId
  const signature = signatureOver(responseXml(content, changes), id, signing.key ?? keys().idp, signing.recipe)
  return responseXml(content, changes, signature)
}

/** A response as an honest provider sends it, but for the changes. */
export const honestResponse = (
  changes: Partial<Said> = {},
  signing: { response?: Signing; assertion?: Signing } = {},
) =>
  signedResponse(
    signedAssertion(changes, signing.assertion === undefined ? {} : signing.assertion),
    changes,
    signing.response === undefined ? {} : signing.response,
  )

export interface Encrypting {
  content: 'http://www.w3.org/2009/xmlenc11#aes256-gcm' | 'http://www.w3.org/2001/04/xmlenc#aes256-cbc' | string
  transport: string
  certificate: string
}

const XENC = 'http://www.w3.org/2001/04/xmlenc#'

/** XML Encryption §5.2, §5.4.2, by hand. */
export const encryptedAssertion = (assertion: string, changes: Partial<Encrypting> = {}): string => {
  const how = {
    content: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    transport: `${XENC}rsa-oaep-mgf1p`,
    certificate: keys().pool.certificate,
    ...changes,
  }
  const key = randomBytes(32)
  const isGcm = how.content.includes('gcm')
  const iv = randomBytes(isGcm ? 12 : 16)
  const cipher = isGcm ? createCipheriv('aes-256-gcm', key, iv) : createCipheriv('aes-256-cbc', key, iv)
  const sealed = Buffer.concat([iv, cipher.update(assertion, 'utf8'), cipher.final()])
  const content =
    'getAuthTag' in cipher && isGcm
      ? Buffer.concat([sealed, (cipher as { getAuthTag(): Buffer }).getAuthTag()])
      : sealed
  const wrapped = publicEncrypt(
    {
      key: new X509Certificate(how.certificate).publicKey,
      padding: how.transport.endsWith('rsa-1_5') ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha1',
    },
    key,
  )
  const cipherData = (bytes: Buffer) =>
    canonical('xenc:CipherData', {}, canonical('xenc:CipherValue', {}, bytes.toString('base64')))
  return canonical(
    'saml:EncryptedAssertion',
    ASSERTION,
    canonical(
      'xenc:EncryptedData',
      { 'xmlns:xenc': XENC, Type: `${XENC}Element` },
      canonical('xenc:EncryptionMethod', { Algorithm: how.content }),
      canonical(
        'ds:KeyInfo',
        { 'xmlns:ds': 'http://www.w3.org/2000/09/xmldsig#' },
        canonical(
          'xenc:EncryptedKey',
          {},
          canonical('xenc:EncryptionMethod', { Algorithm: how.transport }),
          cipherData(wrapped),
        ),
      ),
      cipherData(content),
    ),
  )
}

/** What the provider publishes of itself. */
export const idpMetadataXml = ({
  certificates = [keys().idp.certificate],
  use = 'signing' as string | null,
  entityId = IDP_ENTITY,
  signOn = 'https://idp.example/sso',
  attributes = '',
  entityAttributes = '',
} = {}): string =>
  `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}"${entityAttributes}><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"${attributes}>${certificates
    .map(
      (pem) =>
        `<md:KeyDescriptor${use === null ? '' : ` use="${use}"`}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${bareCertificate(pem)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    )
    .join(
      '',
    )}<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/slo"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${signOn}"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${signOn}/post"/></md:IDPSSODescriptor></md:EntityDescriptor>`

/** For `Said.conditions`. */
export const canonicalConditions = {
  anotherAudience: canonical(
    'saml:AudienceRestriction',
    {},
    canonical('saml:Audience', {}, 'https://other.example/metadata'),
  ),
  unknown: canonical('saml:Condition', {}),
}
