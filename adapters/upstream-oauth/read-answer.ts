import type { GuardedFetch, GuardedRequest } from '#core/federation/ports.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'

/** Milliseconds that a person waits for all calls of one sign-in together. */
const STEP_MS = 10_000
const MAX_BYTES = 256 * 1024

/** One budget of time over several calls. */
export const timedCalls = (call: GuardedFetch): GuardedFetch => {
  const end = performance.now() + STEP_MS
  return (request) => call({ ...request, timeoutMs: Math.max(0, end - performance.now()), maxBytes: MAX_BYTES })
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/**
 * JSON of whatever status below 500, for endpoints that explain themselves. Fails as the call does, with `upstream-unreachable` or
 * `upstream-invalid`.
 */
export const askJson = async (
  call: GuardedFetch,
  request: GuardedRequest,
  where: string,
): Promise<Result<{ status: number; json: unknown }>> => {
  const answer = await call(request)
  if (!answer.ok) return fail(answer.failure.code, { because: `${where}: ${answer.failure.because}` })
  const { status, body } = answer.value
  if (status >= 300 && status < 400) return fail('upstream-invalid', { because: `${where}: answered with a redirect` })
  if (status >= 500) return fail('upstream-unreachable', { because: `${where}: answered ${status}` })
  const json = parsed(body)
  return typeof json === 'object' && json !== null
    ? ok({ status, json })
    : fail('upstream-invalid', { because: `${where}: no JSON` })
}
