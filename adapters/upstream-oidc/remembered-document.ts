import type { Clock } from '#core/shared/ports.ts'
import type { Result } from '#core/shared/result.ts'

export interface RememberedDocument<T> {
  /** A copy that is fresh enough; an older one while the source does not answer. Fails as `load` does. */
  get(): Promise<Result<T>>
  /** A new copy, for what the present one does not know; no oftener than every few seconds, else the present one. */
  renew(): Promise<Result<T>>
}

export interface RememberedDocumentOptions<T> {
  load: () => Promise<Result<T>>
  clock: Clock
  /** Milliseconds after which a copy is renewed before it is used. */
  freshMs: number
  /** Milliseconds for which a copy may stand in for a source that does not answer. */
  keptMs: number
}

/** Milliseconds between two attempts, so that neither an outage nor invented key ids make us call at every sign-in. */
const PAUSE_MS = 15_000

/** A document of somebody else's that survives an outage of its source, within bounds. One call at a time. */
export const rememberedDocument = <T>(options: RememberedDocumentOptions<T>): RememberedDocument<T> => {
  const { load, clock, freshMs, keptMs } = options
  let copy: { value: Result<T> & { ok: true }; at: number } | null = null
  let failure: { value: Result<T>; at: number } | null = null
  let loading: Promise<Result<T>> | null = null

  const now = () => clock.now().getTime()
  const isYounger = (what: { at: number } | null, ms: number): boolean => what !== null && now() - what.at < ms

  const loadOnce = async (): Promise<Result<T>> => {
    const value = await load()
    if (value.ok) {
      copy = { value, at: now() }
      failure = null
    } else failure = { value, at: now() }
    return value
  }

  const attempt = async (): Promise<Result<T>> => {
    if (failure !== null && isYounger(failure, PAUSE_MS)) return kept() ?? failure.value
    loading ??= loadOnce().finally(() => {
      loading = null
    })
    const loaded = await loading
    return loaded.ok ? loaded : (kept() ?? loaded)
  }

  const kept = (): Result<T> | null => (copy !== null && isYounger(copy, keptMs) ? copy.value : null)

  return {
    get: async () => (copy !== null && isYounger(copy, freshMs) ? copy.value : attempt()),
    renew: async () => (copy !== null && isYounger(copy, PAUSE_MS) ? copy.value : attempt()),
  }
}
