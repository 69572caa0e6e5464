import { firstCodeSubject } from '../first-code.ts'
import type { PendingFirstCode } from '../flow.ts'
import type { JourneyPorts } from '../ports.ts'
import { linkHash } from '../send-code.ts'
import { field, moved, refused, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { provenByAddress } from './first-code.ts'

const REFUSALS = { used: 'link-used', expired: 'link-expired', mismatch: 'link-unusable' } as const

/** Whether a link is one of the messages this journey waits for. */
const isOurs = async (ports: JourneyPorts, { flow, pool }: StepInput, hash: string, pending: PendingFirstCode) => {
  const code = await ports.codes.findByLink(pool.id, hash)
  return code?.purpose === 'sign-in' && code.subject === firstCodeSubject(ports, flow.id, pending)
}

/**
 * The button behind the mail's link, in the browser that asked for it: its journey's cookie brought the post here, and no
 * other browser can (attacks 22, 32). Fails with `link-used`, `link-expired`, and `link-unusable` for a link of something else.
 */
export const submitSignInLink: StepHandler = (ports) => async (input) => {
  const { flow, pool, form, now } = input
  const pending = flow.state.firstCode
  if (pending === null) return moved('sign-in', droppedByEntry)
  const hash = linkHash(ports, pool.id, field(form, 'token', 200))
  const { sub } = pending
  if (sub === null || !(await isOurs(ports, input, hash, pending))) return refused({ code: 'link-unusable' })
  const answer = await ports.codes.consumeByLink(pool.id, hash, now)
  if (answer.kind !== 'consumed') return refused({ code: REFUSALS[answer.kind] })
  return provenByAddress(ports, input, { ...pending, sub }, 'link')
}
