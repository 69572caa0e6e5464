import type { SmsSender } from '#core/messages/ports.ts'

/** Sends nothing: the outbox keeps the content, and the development inbox shows it from there. */
export const capturedSms: SmsSender = { send: async () => {} }
