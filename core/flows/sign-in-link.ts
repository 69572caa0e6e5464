import type { Pool } from '../pools/pool-settings.ts'
import { maskAddress } from '../users/index.ts'
import { firstCodeSubject, isStillReached } from './first-code.ts'
import type { Flow } from './flow.ts'
import type { JourneyPorts } from './ports.ts'
import { linkHash } from './send-code.ts'
import { stepToken } from './step-token.ts'

/** What stands behind a link that signs in. `flow`: the journey that waits for it, where it still does. */
export type SignInLink =
  | { kind: 'live'; flow: Flow; destination: string; stepToken: string }
  | { kind: 'used' | 'expired' | 'unusable'; flow: Flow | null }

const isToken = (token: string): boolean => /^[\w-]{43}$/.test(token)

/**
 * Looks behind a link without using it: scanners of mail open links, people press buttons. The button posts to the journey,
 * whose cookie only the browser that began it has; so the journey's id and step may stand on a page that anybody with the
 * mail can open.
 */
export const signInLink =
  (ports: Pick<JourneyPorts, 'codes' | 'flows' | 'users' | 'hashes' | 'clock'>) =>
  async (pool: Pool, token: string): Promise<SignInLink> => {
    const code = isToken(token) ? await ports.codes.findByLink(pool.id, linkHash(ports, pool.id, token)) : null
    if (code === null || code.purpose !== 'sign-in' || code.flowId === null) return { kind: 'unusable', flow: null }
    const found = await ports.flows.find(pool.id, code.flowId)
    const now = ports.clock.now()
    const flow = found !== null && found.expiresAt > now.getTime() && found.step !== 'done' ? found : null
    const pending = flow?.state.firstCode ?? null
    const isWaited = flow !== null && pending !== null && code.subject === firstCodeSubject(ports, flow.id, pending)
    const waiting = isWaited ? flow : null
    if (code.consumedAt !== null) return { kind: 'used', flow: waiting }
    if (code.expiresAt <= now) return { kind: 'expired', flow: waiting }
    if (waiting === null || pending?.sub == null) return { kind: 'unusable', flow: null }
    const person = await ports.users.findBySub(pool.id, pending.sub)
    if (person === null || !isStillReached(person.user, pending)) return { kind: 'unusable', flow: null }
    return {
      kind: 'live',
      flow: waiting,
      destination: maskAddress(pending.sentTo.address),
      stepToken: stepToken(ports.hashes, waiting),
    }
  }
