export type { ComposeDeps, MessageRequest, MessageSource, MessageSubject } from './compose.ts'
export { composeMessage } from './compose.ts'
export type { JourneyMessagesDeps } from './journey-messages.ts'
export { journeyMessages } from './journey-messages.ts'
export type {
  MessageFacts,
  MessagePurpose,
  QueuedMessage,
  RenderedEmail,
  RenderedMessage,
  RenderedSms,
} from './message.ts'
export { MESSAGE_PURPOSES } from './message.ts'
