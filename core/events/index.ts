export { type AuthEvent, EVENT_TYPES, type EventType } from './event.ts'
export { type EventFacts, newEvent } from './new-event.ts'
export type { EventHistory, EventKey, EventLog, EventPage } from './ports.ts'
