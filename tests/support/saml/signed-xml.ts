import type { PoolKey } from '#adapters/saml/sign-message.ts'
import { type SignatureRecipe, signatureOver } from './canonical-xml.ts'

/** A message in canonical form with an enveloped signature behind its Issuer (SAML 2.0 Core §3.2.1). */
export const signedXml = (xml: string, key: PoolKey, recipe: Partial<SignatureRecipe> = {}): string => {
  const id = / ID="([^"]+)"/.exec(xml)?.[1] ?? ''
  return xml.replace('</saml:Issuer>', () => `</saml:Issuer>${signatureOver(xml, id, key, recipe)}`)
}
