import { ok, type Result } from '#core/shared/result.ts'
import { refuse } from './refusals.ts'
import { MESSAGE_LIMITS, readXml } from './xml/read-xml.ts'

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
/** Four for three, and line breaks. */
const BASE64_CHARACTERS = Math.ceil((MESSAGE_LIMITS.characters * 4) / 3) * 1.1

/** Bytes of a base64 parameter; null: it is none. */
export const base64Bytes = (text: string): Buffer | null => {
  // Line breaks go first: an expression that allows them at the end, too, is tried at every one of them.
  const joined = text.replace(/[ \t\r\n]/g, '')
  return BASE64.test(joined) ? Buffer.from(joined, 'base64') : null
}

/** Null: not UTF-8. */
export const utf8Text = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** A document and its root element. */
export interface ReadMessage {
  text: string
  root: Element
}

/** What came in the field of a form (SAML 2.0 Bindings §3.5). */
export const readPosted = (field: string | undefined): Result<ReadMessage> => {
  if (!field) return refuse('message-missing')
  if (field.length > BASE64_CHARACTERS) return refuse('message-too-large')
  const bytes = base64Bytes(field)
  const text = bytes && utf8Text(bytes)
  if (text === null) return refuse('message-encoding')
  const root = readXml(text, MESSAGE_LIMITS)
  return root.ok ? ok({ text, root: root.value }) : root
}

export const postField = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64')
