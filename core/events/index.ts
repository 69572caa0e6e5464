export { type AuthEvent, EVENT_TYPES, type EventType } from './event.ts'
export { toEventLine } from './event-line.ts'
export { type EventFacts, newEvent } from './new-event.ts'
export type { EventBatch, EventFeed, EventHistory, EventKey, EventLog, EventPage, EventSink } from './ports.ts'
