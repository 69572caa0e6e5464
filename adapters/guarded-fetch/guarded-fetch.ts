import { rootCertificates } from 'node:tls'
import type { GuardedFetch } from '#core/federation/ports.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { checkTarget, RefusedCall, type ResolveHost } from './check-address.ts'
import { byOperatingSystem } from './guarded-lookup.ts'
import { sendRequest } from './send-request.ts'

export interface GuardedFetchOptions {
  /** The deployment has identity providers in its own networks. Metadata and link-local addresses stay refused. */
  allowPrivate?: boolean
  /** For development alone. */
  allowHttp?: boolean
  /** Certificate authorities of the deployment, PEM, beside the public ones. */
  authorities?: readonly string[]
  resolve?: ResolveHost
}

const TIMEOUT_MS = 10_000
const MAX_BYTES = 1024 * 1024

const REASON_BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EPIPE: 'the connection was cut',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  HPE_HEADER_OVERFLOW: "the answer's headers are too long",
}

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ''
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return 'code' in error ? String(error.code) : ''
}

/** Nothing of the answer and nothing of the address goes into the reason: both may be somebody else's secret. */
const refusalOf = (error: unknown, isLate: boolean): Result<never> => {
  const code = codeOf(error)
  if (isLate || code === 'ETIMEDOUT') return fail('upstream-slow', { because: 'no answer in time' })
  if (error instanceof RefusedCall) return fail('upstream-unreachable', { because: error.message })
  const because = REASON_BY_CODE[code] ?? (code === '' ? 'the call failed' : `the call failed (${code})`)
  return fail('upstream-unreachable', { because })
}

const within = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })

/**
 * The only way out to addresses that somebody configured (attacks 12 and 13). A redirect is an answer like any other and is never
 * followed; the time covers everything from the name to the last byte.
 */
export const guardedFetch = (options: GuardedFetchOptions = {}): GuardedFetch => {
  const { allowPrivate = false, allowHttp = false, authorities, resolve = byOperatingSystem } = options
  const trusted = authorities === undefined ? null : [...rootCertificates, ...authorities]

  return async (request) => {
    const { url, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = request
    const clock = new AbortController()
    const timer = setTimeout(() => clock.abort(), Math.max(0, timeoutMs))
    try {
      const target = await within(clock.signal, checkTarget(url, { allowPrivate, allowHttp, resolve }))
      return ok(
        await within(
          clock.signal,
          sendRequest(target, request, { maxBytes, signal: clock.signal, authorities: trusted }),
        ),
      )
    } catch (error) {
      return refusalOf(error, clock.signal.aborted)
    } finally {
      clearTimeout(timer)
    }
  }
}
