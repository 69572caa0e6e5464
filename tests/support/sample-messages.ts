import { systemRandom } from '#adapters/random/system-random.ts'
import type { NewMessage } from '#core/shared/alongside.ts'
import type { Clock } from '#core/shared/ports.ts'

export const POOL = 'eu-local-1_TestPool1'
const START = Date.parse('2030-01-01T00:00:00Z')

/** That many seconds after the tests' first moment. */
export const at = (seconds: number): Date => new Date(START + seconds * 1_000)

/** Stands still unless moved. */
export const handClock = (): Clock & { move(seconds: number): void; seconds(): number } => {
  let now = 0
  return {
    now: () => at(now),
    seconds: () => now,
    move(seconds) {
      now += seconds
    },
  }
}

interface Sample {
  to: string
  /** When it was made, in seconds after the first moment. */
  made: number
  /** Default: never. */
  expires?: number
  poolId?: string
  text?: string
}

export const aMail = ({ to, made, expires, poolId = POOL, text = 'Hello' }: Sample): NewMessage => ({
  id: systemRandom.uuidAt(at(made)),
  poolId,
  purpose: 'sign-up-code',
  message: {
    channel: 'email',
    to,
    from: { name: 'Meridian', address: null },
    subject: `123 456 is your Meridian code`,
    text,
    html: `<p>${text}</p>`,
    locale: 'en',
  },
  createdAt: at(made),
  expiresAt: expires === undefined ? null : at(expires),
})

export const anSms = ({ to, made, expires, poolId = POOL, text = '123456' }: Sample): NewMessage => ({
  id: systemRandom.uuidAt(at(made)),
  poolId,
  purpose: 'sign-up-code',
  message: { channel: 'sms', to, text, locale: 'en' },
  createdAt: at(made),
  expiresAt: expires === undefined ? null : at(expires),
})
