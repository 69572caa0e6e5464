import type { IncomingMessage } from 'node:http'

/** Largest form that is read, in bytes: our own are a few hundred. */
export const MAX_FORM_BYTES = 65_536

export type FormBody = { ok: true; text: string } | { ok: false; status: 400 | 408 | 411 | 413 | 415 }

/** No value of ours holds a zero character, plain or encoded, and no column of the database can. */
export const NUL = /%00|\0/

/** Refuses a body by its headers, before a byte of it is read. Null: it may be read. */
export const bodyRefusal = (req: IncomingMessage, most = MAX_FORM_BYTES): 411 | 413 | 415 | null => {
  const length = Number(req.headers['content-length'] ?? Number.NaN)
  if (!Number.isInteger(length)) return 411
  if (length > most) return 413
  const type = (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  return length > 0 && type !== 'application/x-www-form-urlencoded' ? 415 : null
}

/** The body of a form post as text; sizes and types are checked first. */
export const readForm = async (req: IncomingMessage, most = MAX_FORM_BYTES): Promise<FormBody> => {
  const refusal = bodyRefusal(req, most)
  if (refusal !== null) return { ok: false, status: refusal }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) return { ok: false, status: 413 }
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  return NUL.test(text) ? { ok: false, status: 400 } : { ok: true, text }
}

/**
 * Gives a request whose body was read another one, for a reader that wants a stream: the protocol library. Only what that
 * reader asks of it is replaced.
 */
export const replaceBody = (req: IncomingMessage, text: string): void => {
  const body = Buffer.from(text)
  req.headers['content-length'] = String(body.length)
  Object.defineProperties(req, {
    readable: { value: true, configurable: true },
    iterator: {
      value: async function* iterate() {
        yield body
      },
      configurable: true,
    },
  })
}

/** Fields of a form; repeated ones as a list. */
export const formFields = (text: string): Record<string, string | string[]> => {
  const fields = new Map<string, string | string[]>()
  for (const [name, value] of new URLSearchParams(text)) {
    const known = fields.get(name)
    if (known === undefined) fields.set(name, value)
    else if (typeof known === 'string') fields.set(name, [known, value])
    else known.push(value)
  }
  // Defined, not assigned: a field called `__proto__` is a field.
  return Object.fromEntries(fields)
}
