import type { AuthEvent } from '#core/events/event.ts'
import type { Alongside, AppSignOut, NewMessage } from '#core/shared/alongside.ts'

/** What acts wrote alongside, in order; messages that never leave are not among them. */
export interface Ledger {
  events: AuthEvent[]
  messages: NewMessage[]
  signOuts: AppSignOut[]
  add(alongside: Alongside): void
}

export const ledger = (): Ledger => {
  const events: AuthEvent[] = []
  const messages: NewMessage[] = []
  const signOuts: AppSignOut[] = []
  return {
    events,
    messages,
    signOuts,
    add(alongside) {
      events.push(...alongside.events)
      messages.push(...(alongside.messages ?? []).filter(({ isWithheld }) => isWithheld !== true))
      signOuts.push(...(alongside.signOuts ?? []))
    },
  }
}

/** A key of two parts that cannot run into one another. */
export const keyOf = (...parts: string[]): string => JSON.stringify(parts)
