import { FAILURES, masked } from '../shared/failures.ts'
import type { Failure } from '../shared/result.ts'
import type { ShownFailure } from './flow-view.ts'

/** The form's renderer of failures: masks once, looks up the words' key, leaves the reason to the log. */
export const toFormMessage = (failure: Failure, pool: { settings: { hideAccounts: boolean } }): ShownFailure => {
  const code = masked(failure.code, pool.settings.hideAccounts)
  return {
    message: FAILURES[code].message,
    params: failure.params ?? {},
    field: failure.field ?? null,
    ...(failure.code === 'trigger-refused' && failure.params?.public !== undefined
      ? { text: String(failure.params.public) }
      : {}),
  }
}
