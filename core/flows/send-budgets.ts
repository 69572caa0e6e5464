import { BUDGETS, networkOf } from '../limits/index.ts'
import { maySendSms } from '../messages/index.ts'
import type { Destination } from '../users/index.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/** Why a code was not sent; a label of the operator's metric and the word in the event. */
export type SendRefusal = 'recipient' | 'network' | 'pool' | 'destination'

/** SMS cost money, and somebody may earn by them: they have counts of their own (attack 57). */
const NAMES = {
  email: ['send.recipient', 'send.network', 'send.pool'],
  sms: ['sms.recipient', 'sms.network', 'sms.pool'],
} as const

/**
 * Counts a code before it is made, in one statement each: for its recipient, the network that asks, and the pool. As many
 * calls for either channel and for an address nobody has, so that their number tells nothing. Null: it may be sent.
 */
export const countSend = async (
  { attempts }: Pick<JourneyPorts, 'attempts'>,
  { pool, context, now }: Pick<StepInput, 'pool' | 'context' | 'now'>,
  { channel, address }: Destination,
): Promise<SendRefusal | null> => {
  const [recipient, network, whole] = NAMES[channel]
  const taken = await Promise.all([
    attempts.take(pool.id, recipient, address, BUDGETS[recipient], now),
    attempts.take(pool.id, network, networkOf(context.ip), BUDGETS[network], now),
    attempts.take(pool.id, whole, pool.id, BUDGETS[whole], now),
  ])
  if (channel === 'sms' && !maySendSms(pool.settings, address)) return 'destination'
  const spent = taken.findIndex(({ isSpent }) => isSpent)
  return (['recipient', 'network', 'pool'] as const)[spent] ?? null
}

/** A code that was used was wanted: its recipient and network may have another. The pool's count stands. */
export const giveBackSend = async (
  { attempts }: Pick<JourneyPorts, 'attempts'>,
  { pool, context }: Pick<StepInput, 'pool' | 'context'>,
  { channel, address }: Destination,
): Promise<void> => {
  const [recipient, network] = NAMES[channel]
  await Promise.all([
    attempts.giveBack(pool.id, recipient, address),
    attempts.giveBack(pool.id, network, networkOf(context.ip)),
  ])
}
