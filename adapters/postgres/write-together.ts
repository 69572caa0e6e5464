import type { Alongside } from '#core/shared/alongside.ts'
import type { FailureCode } from '#core/shared/failures.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { type Failure, ok, type Result } from '#core/shared/result.ts'
import { Prisma, type PrismaClient } from '#generated/prisma/client.ts'
import { alongsideStatements } from './alongside.ts'

export type Transaction = Prisma.TransactionClient

export interface DomainStore {
  prisma: PrismaClient
  secrets: Sealer & KeyedHash
}

/** Thrown inside a transaction to take everything back; never leaves this folder. */
class Refused extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.code)
    this.failure = failure
  }
}

/** Ends the transaction with an expected failure: nothing of it was written, nor what stands alongside. */
export const refuse = (code: FailureCode, more: Omit<Failure, 'code'> = {}): never => {
  throw new Refused({ code, ...more })
}

const MOST_TRIES = 4
/** Waiting for a connection, and for the whole transaction. Milliseconds. */
const LIMITS = { maxWait: 5_000, timeout: 10_000 }

/** Name of the unique index that a statement violated; null: none was. */
const violatedIndex = (error: unknown): string | null => {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') return null
  const { driverAdapterError } = (error.meta ?? {}) as {
    driverAdapterError?: { cause?: { constraint?: { index?: string } } }
  }
  return driverAdapterError?.cause?.constraint?.index ?? ''
}

/** A deadlock or a lost serialisation. Raw statements report it one level deeper than Prisma's own. */
const lostRace = (error: unknown): boolean => {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false
  const { driverAdapterError } = (error.meta ?? {}) as { driverAdapterError?: { cause?: { kind?: string } } }
  return error.code === 'P2034' || driverAdapterError?.cause?.kind === 'TransactionWriteConflict'
}

/**
 * One transaction: the act, then what stands alongside. Only SQL happens inside; messages are sealed before it begins.
 *
 * `duplicate` is the failure that a violated unique key means, told apart by its index where there are several; what lost a race is tried again. `timeout`: milliseconds that the whole
 * may take, where one act touches very many rows.
 */
export const writeTogether = async <T>(
  { prisma, secrets }: DomainStore,
  alongside: Alongside,
  act: (transaction: Transaction) => Promise<T>,
  duplicate?: FailureCode | ((index: string) => Failure),
  timeout = LIMITS.timeout,
): Promise<Result<T>> => {
  const statements = alongsideStatements(alongside, secrets)
  for (let attempt = 1; ; attempt++) {
    try {
      const value = await prisma.$transaction(
        async (transaction) => {
          const done = await act(transaction)
          for (const { text, values } of statements) await transaction.$executeRawUnsafe(text, ...values)
          return done
        },
        { ...LIMITS, timeout },
      )
      return ok(value)
    } catch (error) {
      if (error instanceof Refused) return { ok: false, failure: error.failure }
      const index = violatedIndex(error)
      if (index !== null && duplicate !== undefined)
        return { ok: false, failure: typeof duplicate === 'function' ? duplicate(index) : { code: duplicate } }
      if (!lostRace(error) || attempt === MOST_TRIES) throw error
    }
  }
}

/**
 * Bumps the pool's version and tells every process at commit. The row lock it takes makes the pool's configuration changes
 * happen one after the other. Refuses with `pool-unknown`.
 */
export const bumpPool = async (transaction: Transaction, poolId: string): Promise<void> => {
  const bumped = await transaction.$executeRaw`UPDATE pool SET version = version + 1 WHERE id = ${poolId}`
  if (bumped === 0) refuse('pool-unknown')
  await tellPoolChanged(transaction, poolId)
}

export const POOL_CHANNEL = 'portico_pool'

export const tellPoolChanged = async (transaction: Transaction, poolId: string): Promise<void> => {
  await transaction.$queryRaw`SELECT pg_notify(${POOL_CHANNEL}, ${poolId})::text`
}
