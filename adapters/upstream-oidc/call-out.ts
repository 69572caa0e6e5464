import type { CustomFetch } from 'openid-client'
import type { GuardedFetch, GuardedRequest } from '#core/federation/ports.ts'
import type { FailureCode } from '#core/shared/failures.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'

/** A call that brought nothing usable; its message is the reason. */
export class CallFailed extends Error {
  readonly code: FailureCode

  constructor(because: string | undefined, code: FailureCode = 'upstream-unreachable') {
    super(because)
    this.code = code
  }
}

/** Bytes of one answer. */
const MAX_BYTES = 256 * 1024
const BODYLESS: ReadonlySet<number> = new Set([204, 205, 304])

export interface Deadline {
  /** Milliseconds that are left of the time for the whole step. */
  remaining(): number
}

/** Milliseconds that a person waits for all calls of one step together. */
export const STEP_MS = 10_000

export const deadlineIn = (ms: number): Deadline => {
  const end = performance.now() + ms
  return { remaining: () => Math.max(0, end - performance.now()) }
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304

/** GETs a JSON object. Fails as the call does, with `upstream-unreachable`, or `upstream-invalid` where something else came. */
export const fetchJson = async (
  call: GuardedFetch,
  url: string,
  deadline: Deadline,
  what: string,
): Promise<Result<Record<string, unknown>>> => {
  const answer = await call({
    url,
    headers: { accept: 'application/json' },
    timeoutMs: deadline.remaining(),
    maxBytes: MAX_BYTES,
  })
  if (!answer.ok) return fail(answer.failure.code, { because: `${what}: ${answer.failure.because}` })
  const { status, body } = answer.value
  if (isRedirect(status)) return fail('upstream-invalid', { because: `${what}: answered with a redirect` })
  if (status >= 500) return fail('upstream-unreachable', { because: `${what}: answered ${status}` })
  if (status !== 200) return fail('upstream-invalid', { because: `${what}: answered ${status}` })
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ok({ ...value })
  } catch {
    // Said below.
  }
  return fail('upstream-invalid', { because: `${what}: no JSON object` })
}

/** The library's calls through the guard. Whatever `own` answers is not asked for outside. */
export const guardedCustomFetch =
  (call: GuardedFetch, deadline: Deadline, own: (url: string) => Promise<Response | null>): CustomFetch =>
  async (url, { method, headers, body }) => {
    const mine = await own(url)
    if (mine !== null) return mine
    const request: GuardedRequest = {
      url,
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      timeoutMs: deadline.remaining(),
      maxBytes: MAX_BYTES,
      ...(body !== undefined && body !== null && { body: String(body) }),
    }
    const answer = await call(request)
    if (!answer.ok) throw new CallFailed(answer.failure.because, answer.failure.code)
    const { status, headers: received, body: text } = answer.value
    if (isRedirect(status)) throw new CallFailed('answered with a redirect')
    if (status < 200 || status > 599) throw new CallFailed(`answered ${status}`)
    return new Response(BODYLESS.has(status) ? null : text, { status, headers: received })
  }
