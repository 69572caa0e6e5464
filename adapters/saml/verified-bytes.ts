// node-saml publishes its class alone, which tells the time by itself, keeps what it verified of a response to itself, and takes
// an unsigned logout for a signed one. What it verifies with — "see what is signed" — is this function; the version is pinned,
// and verified-bytes.test.ts holds it to what is promised below. No other file reaches into the library, sign-message.ts excepted.
import { getVerifiedXml } from '@node-saml/node-saml/lib/xml.js'
import { ok, type Result } from '#core/shared/result.ts'
import { SIGNATURE } from './names.ts'
import { refuse, type SamlRefusal } from './refusals.ts'
import { childrenNamed, everyElement, isNamed } from './xml/read-xml.ts'

const bare = (certificate: string): string => certificate.replace(/-----[A-Z ]+-----|\s/g, '')

/** The certificate that a signature names is never believed; it only tells an operator why nothing fitted. */
const namesStranger = (signature: Element, certificates: readonly string[]): boolean => {
  const named = everyElement(signature).filter((one) => isNamed(one, SIGNATURE, 'X509Certificate'))
  const known = new Set(certificates.map(bare))
  return named.length > 0 && !named.some(({ textContent }) => known.has(bare(textContent ?? '')))
}

/**
 * The bytes of an element that its signature vouches for: canonical, without the signature. Whatever is believed of the element
 * is read from these and from nowhere else (attacks 66, 68).
 *
 * @param text the document that `signed` was read from
 * @param signed has exactly one signature as its child, of the shape that signature-shape.ts asks for
 * @param certificates PEM, of the provider's metadata
 */
export const verifiedBytes = (text: string, signed: Element, certificates: readonly string[]): Result<string> => {
  let refusal: SamlRefusal = 'signature-invalid'
  try {
    const verified = getVerifiedXml(text, signed, [...certificates])
    if (verified !== null) return ok(verified)
    const [signature] = childrenNamed(signed, SIGNATURE, 'Signature')
    if (signature && namesStranger(signature, certificates)) refusal = 'certificate-unknown'
  } catch {
    // The library's words about what is wrong are about the same thing.
  }
  return refuse(refusal)
}
