import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/** A sign-in on its way: what the answer must match. */
export interface Attempt {
  nonce: string
  verifier: string
}

export interface SignedIn {
  sub: string
  idToken: string
  accessToken: string
  refreshToken: string | null
  idClaims: Readonly<Record<string, unknown>>
}

export interface DemoSession {
  /** By `state`; a person may have several tabs open, an attacker's answer matches none. */
  attempts: LRUCache<string, Attempt>
  signedIn: SignedIn | null
}

const MOST_SESSIONS = 1000
const SESSION_MS = 8 * 3_600_000
const MOST_ATTEMPTS = 5
const ATTEMPT_MS = 15 * 60_000

/** Sessions in memory by a random cookie: enough for an app whose only user is its developer. */
export const demoSessions = () => {
  const sessions = new LRUCache<string, DemoSession>({ max: MOST_SESSIONS, ttl: SESSION_MS })
  const start = (): string => {
    const id = randomBytes(32).toString('base64url')
    sessions.set(id, { attempts: new LRUCache({ max: MOST_ATTEMPTS, ttl: ATTEMPT_MS }), signedIn: null })
    return id
  }
  return {
    find: (id: string | null): DemoSession | null => (id === null ? null : (sessions.get(id) ?? null)),
    start,
    /** Moves a session to a new id when its powers change, so that an id known before signing in is worth nothing after. */
    renew(id: string): string {
      const session = sessions.get(id)
      sessions.delete(id)
      const next = start()
      if (session) sessions.set(next, session)
      return next
    },
    end: (id: string): void => {
      sessions.delete(id)
    },
  }
}
