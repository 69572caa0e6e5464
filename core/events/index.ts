export { EVENT_TYPES, type AuthEvent, type EventType } from './event.ts'
export { newEvent, type EventFacts } from './new-event.ts'
export type { EventLog } from './ports.ts'
