import type { Directory } from '../federation/index.ts'
import type { AskedDirectory, UpstreamIdentity } from '../federation/ports.ts'
import { type AttemptBudget, BUDGETS, networkOf } from '../limits/index.ts'
import { countedNetworkOf, type RiskCounters } from '../risk/index.ts'
import type { Clock, RequestContext } from '../shared/ports.ts'
import { fail, type Result } from '../shared/result.ts'
import { foldCase } from '../users/index.ts'

export interface DirectorySignInPorts {
  asksDirectory(directory: Directory): Promise<AskedDirectory>
  attempts: AttemptBudget
  riskCounters: RiskCounters
  clock: Clock
}

export interface SignInWithDirectory {
  directory: Directory
  login: string
  password: string
  context: RequestContext
}

const withoutDomain = (login: string, { netbiosDomain, stripsDomain, identifiers }: Directory['settings']): string => {
  const slash = login.indexOf('\\')
  if (netbiosDomain !== null && login.slice(0, slash) === netbiosDomain.toLowerCase()) return login.slice(slash + 1)
  const at = login.lastIndexOf('@')
  const isOurs = identifiers.some((domain) => domain.toLowerCase() === login.slice(at + 1))
  return stripsDomain && at > 0 && isOurs ? login.slice(0, at) : login
}

/**
 * What guesses at a login are counted by: whatever a directory may read as the same (RFC 4518 §2.2 to §2.6.1; Active Directory
 * compares without accents too) is one login, so that spellings do not buy guesses.
 */
export const countedLogin = (login: string, settings: Directory['settings']): string => {
  const mapped = foldCase(login).replaceAll(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u{FFFC}]/gu, '')
  const folded = settings.schema === 'ad' ? mapped.normalize('NFKD').replaceAll(/\p{M}/gu, '') : mapped
  const name = withoutDomain(folded.replaceAll(/\s+/gu, ' ').trim(), settings)
  return name.slice(0, 256)
}

/** The directory compared no password, or cannot say so: whoever typed it is not counted for that. */
const COMPARED_NOTHING: ReadonlySet<string> = new Set(['upstream-unreachable', 'upstream-slow', 'upstream-invalid'])

/**
 * First step of the sign-in page for a name that leads to a directory. Who it is there, after the directory took the password.
 *
 * Fails with `password-empty` before anything else is done, `too-many-attempts` without asking the directory, and as
 * `DirectorySource.authenticate` does: `wrong-credentials`, `user-disabled`, `password-expired`, `upstream-unreachable`,
 * `upstream-slow`, `upstream-invalid`. A name that nobody has there is asked for like any other, and counted like any other: what differs is the
 * directory's own time. Connects nobody to an account, and signs nobody in.
 */
export const signInWithDirectory =
  ({ asksDirectory, attempts, riskCounters, clock }: DirectorySignInPorts) =>
  async ({ directory, login, password, context }: SignInWithDirectory): Promise<Result<UpstreamIdentity>> => {
    // RFC 4513 §5.1.2: an empty password is taken from anybody.
    if (password === '') return fail('password-empty', { field: 'password' })
    const { poolId, name, settings } = directory
    const now = clock.now()
    const network = networkOf(context.ip)
    const subject = `directory:${name}|${countedLogin(login, settings)}`
    const pair = `${subject}|${network}`
    // Counted before the directory is asked, in one statement each: parallel guesses cannot slip under the limit.
    const taken = await Promise.all([
      attempts.take(poolId, 'sign-in.account-network', pair, BUDGETS['sign-in.account-network'], now),
      attempts.take(poolId, 'sign-in.account', subject, BUDGETS['sign-in.account'], now),
      attempts.take(poolId, 'sign-in.network', network, BUDGETS['sign-in.network'], now),
    ])
    const spent = taken.filter((answer) => answer.isSpent)
    if (spent.length > 0) {
      await riskCounters.noteFailure(poolId, subject, countedNetworkOf(context.ip), now)
      const wait = Math.max(...spent.map((answer) => answer.retryAfterSeconds))
      return fail('too-many-attempts', { params: { minutes: Math.max(1, Math.ceil(wait / 60)) } })
    }
    const answer = await (await asksDirectory(directory)).authenticate(login, password)
    if (answer.ok) {
      await Promise.all([
        attempts.clear(poolId, 'sign-in.account-network', pair),
        attempts.clear(poolId, 'sign-in.account', subject),
        attempts.giveBack(poolId, 'sign-in.network', network),
      ])
    } else if (COMPARED_NOTHING.has(answer.failure.code)) {
      // An outage must not lock out a whole office once it is over.
      await Promise.all([
        attempts.giveBack(poolId, 'sign-in.account-network', pair),
        attempts.giveBack(poolId, 'sign-in.account', subject),
        attempts.giveBack(poolId, 'sign-in.network', network),
      ])
    } else if (answer.failure.code === 'wrong-credentials') {
      await riskCounters.noteFailure(poolId, subject, countedNetworkOf(context.ip), now)
    }
    return answer
  }
