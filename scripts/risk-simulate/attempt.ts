import type { RiskRequest } from '#core/risk/index.ts'
import type { Attack } from './scenario.ts'

/** Somebody with an account. */
export interface Person {
  id: string
  /** Name of the kind, as the scenario has it. */
  kind: string
  country: string
  language: string
}

interface Attempted {
  /** Milliseconds from the first day. */
  time: number
  person: Person
  request: Omit<RiskRequest, 'at' | 'place'>
  /** Which cookie jar the request comes from; null: one that is thrown away afterwards. */
  jar: string | null
  /** Wrong passwords right before, from the same address. */
  misses: number
}

/** A sign-in whose password is right, with the truth about it. */
export type Attempt = Attempted & {
  /** Null: the person. */
  attack: { name: string; kind: Attack['kind'] } | null
  /** When the person last changed the password; milliseconds from the first day. */
  credentialChangedAt: number | null
  isListed: boolean
}

/** A wrong password of an attack: an account, or a name that nobody has. */
export interface Miss {
  time: number
  account: string
  ip: string
}

export interface History {
  scenario: string
  people: Person[]
  /** In the order of time. */
  attempts: Attempt[]
  misses: Miss[]
}

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
