import type { Clock } from '#core/shared/ports.ts'

export const systemClock: Clock = { now: () => new Date() }
