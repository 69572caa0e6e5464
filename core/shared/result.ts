import type { FailureCode } from './failures.ts'

/** One thing that is wrong with settings. Read by administrators alone. */
export interface SettingsProblem {
  /** Where: `session.maxMinutes`, `callbackUrls.0`. */
  path: string
  /** What is wrong, without repeating the value. */
  message: string
}

/** What a person or a client may be told about an expected refusal. */
export interface Failure {
  code: FailureCode
  /** Name of the form field or request member that has to change. */
  field?: string
  /** Numbers and names for the message's placeholders: `{ minutes: 15 }`. */
  params?: Readonly<Record<string, string | number>>
  /** For the log and the event, never for the answer. */
  because?: string
  /** Whom it is about; for the event, never for the answer. */
  sub?: string
  /** All that is wrong with settings at once, beside `settings-refused`. */
  problems?: readonly SettingsProblem[]
}

/** Expected outcomes are values; what is broken (database away, a bug) is thrown. */
export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure }

/** What went as asked. */
export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

/** An expected outcome that is not what was asked for. */
export const fail = (code: FailureCode, more: Omit<Failure, 'code'> = {}): Result<never> => ({
  ok: false,
  failure: { code, ...more },
})
