import type { EventSink } from '#core/events/ports.ts'

export interface HttpSinkOptions {
  url: string
  /** Bearer token. */
  token?: string | undefined
  /** Milliseconds for the whole exchange. */
  timeoutMs?: number
}

/**
 * Posts each batch as JSON lines. 2xx means taken. A redirect is not followed: it would carry the events, and the token,
 * elsewhere. What is answered beside the status is not read.
 */
export const httpSink = ({ url, token, timeoutMs = 10_000 }: HttpSinkOptions): EventSink => ({
  name: 'http',
  async write(lines) {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/x-ndjson',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: `${lines.join('\n')}\n`,
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`the event sink answered ${answer.status}`)
  },
})
