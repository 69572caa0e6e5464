import type { AuthEvent } from './event.ts'

/**
 * An event as a line of a stream: JSON with the names of `AuthEvent`, times in ISO 8601. Nothing is added to what the event
 * holds. What is said of it later is an event of its own (`sign_in.judged`).
 */
export const toEventLine = ({ feedback: _, createdAt, ...event }: AuthEvent): string =>
  JSON.stringify({ time: createdAt.toISOString(), ...event })
