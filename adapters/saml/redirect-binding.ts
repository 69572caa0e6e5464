import { createSign, createVerify } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { ok, type Result } from '#core/shared/result.ts'
import { digestOfSignature, RSA_SHA256, refusedSignature } from './algorithms.ts'
import { base64Bytes, type ReadMessage, utf8Text } from './post-binding.ts'
import { refuse } from './refusals.ts'
import { MESSAGE_LIMITS, readXml } from './xml/read-xml.ts'

export type MessageField = 'SAMLRequest' | 'SAMLResponse'

/** Compressed XML is a fraction of this; what inflates to more is stopped while it inflates (attack 74). */
const QUERY_CHARACTERS = 65_536

/** SAML 2.0 Bindings §3.4.4.1. @param privateKey PEM; null: unsigned */
export const redirectUrl = (
  location: string,
  field: MessageField,
  xml: string,
  relayState: string | null,
  privateKey: string | null,
): string => {
  const parts = [[field, deflateRawSync(xml).toString('base64')]]
  if (relayState !== null) parts.push(['RelayState', relayState])
  if (privateKey !== null) parts.push(['SigAlg', RSA_SHA256])
  let query = parts.map(([key, value]) => `${key}=${encodeURIComponent(value ?? '')}`).join('&')
  if (privateKey !== null) {
    const signature = createSign('sha256').update(query).sign(privateKey, 'base64')
    query = `${query}&Signature=${encodeURIComponent(signature)}`
  }
  return `${location}${location.includes('?') ? '&' : '?'}${query}`
}

/** Values as they were sent, for the signature is over those very characters; null: a name comes twice. */
const rawParameters = (url: string): Map<string, string> | null => {
  const query = url.split('#')[0]?.split('?').slice(1).join('?') ?? ''
  const found = new Map<string, string>()
  for (const pair of query.split('&')) {
    const [name = '', ...value] = pair.split('=')
    if (found.has(name)) return null
    found.set(name, value.join('='))
  }
  return found
}

const decoded = (raw: string | undefined): string | null => {
  try {
    return raw === undefined ? null : decodeURIComponent(raw.replaceAll('+', ' '))
  } catch {
    return null
  }
}

const verify = (
  parameters: ReadonlyMap<string, string>,
  field: MessageField,
  certificates: readonly string[],
  allowSha1: boolean,
): Result<void> => {
  const algorithm = decoded(parameters.get('SigAlg'))
  // A plus sign that nobody encoded is still a plus sign here.
  const signature = base64Bytes((decoded(parameters.get('Signature')) ?? '').replaceAll(' ', '+'))
  if (algorithm === null || signature === null) return refuse('message-missing', 'SigAlg or Signature')
  const refused = refusedSignature(algorithm, allowSha1)
  if (refused !== null) return refuse(refused, algorithm)
  const signed = [field, 'RelayState', 'SigAlg']
    .filter((name) => parameters.has(name))
    .map((name) => `${name}=${parameters.get(name)}`)
    .join('&')
  const fits = certificates.some((certificate) =>
    createVerify(digestOfSignature(algorithm)).update(signed).verify(certificate, signature),
  )
  return fits ? ok(undefined) : refuse('signature-invalid')
}

const inflated = (bytes: Buffer): Result<string> => {
  try {
    const text = utf8Text(inflateRawSync(bytes, { maxOutputLength: MESSAGE_LIMITS.characters }))
    return text === null ? refuse('message-encoding') : ok(text)
  } catch (error) {
    return refuse(
      (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'message-too-large' : 'message-encoding',
    )
  }
}

/** The message of a query as it stands there, signed or not. Nothing in it is to be believed yet. */
export const openRedirected = (url: string, field: MessageField): Result<ReadMessage & { isSigned: boolean }> => {
  if (url.length > QUERY_CHARACTERS) return refuse('message-too-large')
  const parameters = rawParameters(url)
  const bytes = base64Bytes((decoded(parameters?.get(field)) ?? '').replaceAll(' ', '+'))
  if (parameters === null || bytes === null) return refuse('message-missing', field)
  const text = inflated(bytes)
  if (!text.ok) return text
  const root = readXml(text.value, MESSAGE_LIMITS)
  return root.ok ? ok({ text: text.value, root: root.value, isSigned: parameters.has('Signature') }) : root
}

/** A message in a query, with its signature verified over what was sent. An unsigned one is refused (attack 73). */
export const readRedirected = (
  url: string,
  field: MessageField,
  certificates: readonly string[],
  allowSha1: boolean,
): Result<ReadMessage> => {
  if (url.length > QUERY_CHARACTERS) return refuse('message-too-large')
  const parameters = rawParameters(url)
  if (parameters === null || !parameters.has(field)) return refuse('message-missing', field)
  const verified = verify(parameters, field, certificates, allowSha1)
  return verified.ok ? openRedirected(url, field) : verified
}
