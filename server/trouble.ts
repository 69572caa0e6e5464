import { isOverloaded } from '#core/shared/overloaded.ts'

/** Names and codes of errors that mean "not now": the database is away, or too much is asked at once. */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  // PostgreSQL: connection exceptions, shutdown, too many connections, cannot connect now, query cancelled, read-only, disk full.
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '53100',
  '57014',
  '25006',
  // Prisma: cannot reach, timed out, server closed the connection, pool timeout, no transaction begun in time.
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
])

const isAway = (error: unknown, depth = 0): boolean => {
  if (!(error instanceof Error) || depth > 4) return false
  const { code } = error as Error & { code?: unknown }
  return (
    (typeof code === 'string' && AWAY.has(code)) ||
    isOverloaded(error) ||
    /Connection terminated|timeout exceeded when trying to connect|Can't reach database|the database system is|Server has closed the connection|Client has encountered a connection error/i.test(
      error.message,
    ) ||
    isAway(error.cause, depth + 1) ||
    (error instanceof AggregateError && error.errors.some((each) => isAway(each, depth + 1)))
  )
}

/** What broke, as a status: 503 with `Retry-After` when a later try may succeed, 500 for a bug. */
export const trouble = (error: unknown): { status: 500 | 503; because: string } => ({
  status: isAway(error) ? 503 : 500,
  because: error instanceof Error ? error.message : String(error),
})
