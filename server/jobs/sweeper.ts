import type { Logger } from 'pino'
import type { Database } from '#adapters/postgres/database.ts'
import type { pgArtifacts } from '#adapters/postgres/pg-artifacts.ts'
import type { Clock } from '#core/shared/ports.ts'

const EVERY_MS = 60_000
const BATCH = 5_000

/** Takes away what is dead. Readers check expiry themselves: this keeps tables small, nothing else. */
export const sweeper = ({
  database,
  artifacts,
  clock,
  log,
}: {
  database: Database
  artifacts: ReturnType<typeof pgArtifacts>
  clock: Clock
  log: Logger
}) => {
  let timer: NodeJS.Timeout | null = null
  const once = async (): Promise<number> => {
    const now = clock.now()
    const rows = [
      await artifacts.sweep(BATCH),
      (await database.pool.query('DELETE FROM flow WHERE expires_at < $1', [now.getTime() - EVERY_MS])).rowCount ?? 0,
      (await database.pool.query('DELETE FROM rate_bucket WHERE reset_at < $1', [now.getTime()])).rowCount ?? 0,
      // A used or expired code is remembered for two hours, so that a late click is told what happened.
      (
        await database.pool.query('DELETE FROM one_time_code WHERE expires_at < $1', [
          new Date(now.getTime() - 2 * 3_600_000),
        ])
      ).rowCount ?? 0,
    ]
    return rows.reduce((sum, count) => sum + count, 0)
  }
  return {
    once,
    start(): void {
      timer = setInterval(() => {
        once().catch((error: unknown) =>
          log.warn({ because: error instanceof Error ? error.message : String(error) }, 'could not sweep'),
        )
      }, EVERY_MS)
      timer.unref()
    },
    stop(): void {
      if (timer !== null) clearInterval(timer)
    },
  }
}
