import type { Logger } from 'pino'
import type { Database } from '#adapters/postgres/database.ts'
import type { pgArtifacts } from '#adapters/postgres/pg-artifacts.ts'
import { sweepUsedAssertions } from '#adapters/postgres/pg-saml-facts.ts'
import { sweepEvents, sweepExpired } from '#adapters/postgres/sweep-expired.ts'
import type { Clock } from '#core/shared/ports.ts'

const EVERY_MS = 60_000
const BATCH = 5_000
const DAY_MS = 86_400_000

/** Takes away what is dead. Readers check expiry themselves: this keeps tables small, nothing else. */
export const sweeper = ({
  database,
  artifacts,
  eventDays,
  clock,
  log,
}: {
  database: Database
  artifacts: ReturnType<typeof pgArtifacts>
  /** How long events are kept. */
  eventDays: number
  clock: Clock
  log: Logger
}) => {
  let timer: NodeJS.Timeout | null = null
  const once = async (): Promise<number> => {
    const now = clock.now()
    return (
      (await artifacts.sweep(BATCH)) +
      (await sweepExpired(database, now)) +
      (await sweepUsedAssertions(database, now)) +
      (await sweepEvents(database, new Date(now.getTime() - eventDays * DAY_MS), BATCH))
    )
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
