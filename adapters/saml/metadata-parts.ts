import { X509Certificate } from 'node:crypto'
import { ok, type Result } from '#core/shared/result.ts'
import { METADATA, POST_BINDING, PROTOCOL, REDIRECT_BINDING, SIGNATURE } from './names.ts'
import { refuse } from './refusals.ts'
import { attributeOf, childrenNamed, everyElement, isNamed, onlyChild } from './xml/read-xml.ts'

const MOST_CERTIFICATES = 10
const LEAST_RSA_BITS = 2048

export interface Entity {
  entity: Element
  /** Of the role that was asked for. */
  descriptor: Element
}

/** Entities that have a role in SAML 2.0 (SAML 2.0 Metadata §2.4.1). */
export const entitiesOf = (root: Element, role: 'IDPSSODescriptor' | 'SPSSODescriptor'): Entity[] =>
  everyElement(root)
    .filter((one) => isNamed(one, METADATA, 'EntityDescriptor'))
    .flatMap((entity) => {
      const descriptor = onlyChild(entity, METADATA, role)
      const protocols = (descriptor && attributeOf(descriptor, 'protocolSupportEnumeration'))?.split(/\s+/) ?? []
      return descriptor && protocols.includes(PROTOCOL) ? [{ entity, descriptor }] : []
    })

/** Addresses of one service, by binding; null: not offered there, or not over https. */
export interface Endpoints {
  redirect: string | null
  post: string | null
}

/** The browser is sent there with a form: https, nobody's name in it, and nothing a page could be scripted by (attack 16). */
export const isUsableLocation = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === ''
}

export const endpointsOf = (descriptor: Element, service: string, address = 'Location'): Endpoints => {
  const at = (binding: string): string | null =>
    childrenNamed(descriptor, METADATA, service)
      .filter((one) => attributeOf(one, 'Binding') === binding)
      .map((one) => attributeOf(one, address) ?? attributeOf(one, 'Location') ?? '')
      .find(isUsableLocation) ?? null
  return { redirect: at(REDIRECT_BINDING), post: at(POST_BINDING) }
}

const readCertificate = (text: string): X509Certificate | null => {
  try {
    return new X509Certificate(Buffer.from(text.replace(/\s/g, ''), 'base64'))
  } catch {
    return null
  }
}

const certificatesOf = (descriptor: Element, use: KeyUse): X509Certificate[] =>
  childrenNamed(descriptor, METADATA, 'KeyDescriptor')
    .filter((one) => [null, use as string].includes(attributeOf(one, 'use')))
    .flatMap(everyElement)
    .filter((one) => isNamed(one, SIGNATURE, 'X509Certificate'))
    .map(({ textContent }) => readCertificate(textContent ?? ''))
    .filter((one) => one !== null)

const rsaBits = ({ publicKey }: X509Certificate): number =>
  publicKey.asymmetricKeyType === 'rsa' ? (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) : 0

type KeyUse = 'signing' | 'encryption'

/** Keys that are too short are not used; where no other is left, the document is refused. PEM. */
export const usableCertificates = (descriptor: Element, use: KeyUse = 'signing'): Result<string[]> => {
  const rsa = certificatesOf(descriptor, use).filter((one) => rsaBits(one) > 0)
  const strong = rsa.filter((one) => rsaBits(one) >= LEAST_RSA_BITS)
  if (strong.length === 0) return refuse(rsa.length > 0 ? 'metadata-weak-key' : 'metadata-no-certificate')
  return ok([...new Set(strong.map(String))].slice(0, MOST_CERTIFICATES))
}
