import type { Logger } from 'pino'
import { carryOutDeletions, makeExports } from '#core/account/index.ts'
import type { AccountRoomOpen } from '../account/account-room.ts'

/** Somebody waits for a copy of their data. */
const EXPORTS_EVERY_MS = 15_000
/** Nobody waits to be deleted. */
const DELETIONS_EVERY_MS = 600_000

/** Work that people asked for in their account and do not wait for: copies of their data, deletions whose time has come. */
export const accountJobs = ({
  ports,
  contextOf,
  log,
}: Pick<AccountRoomOpen, 'ports' | 'contextOf'> & { log: Logger }) => {
  const timers: NodeJS.Timeout[] = []
  // One after the other: what takes long is not begun again beside itself.
  let running: Promise<unknown> = Promise.resolve()
  const exportAll = () => makeExports(ports)(contextOf)
  const deleteAll = () => carryOutDeletions(ports)(contextOf)

  const every = (ms: number, what: 'exported' | 'deleted', work: () => Promise<number>): void => {
    const timer = setInterval(() => {
      running = running.then(work).then(
        (count) => (count > 0 ? log.info({ [what]: count }, 'account jobs done') : undefined),
        (error: unknown) =>
          log.warn({ because: error instanceof Error ? error.message : String(error) }, 'account jobs broke off'),
      )
    }, ms)
    timer.unref()
    timers.push(timer)
  }

  return {
    /** Both, now. */
    once: async (): Promise<{ deleted: number; exported: number }> => ({
      deleted: await deleteAll(),
      exported: await exportAll(),
    }),
    start(): void {
      every(EXPORTS_EVERY_MS, 'exported', exportAll)
      every(DELETIONS_EVERY_MS, 'deleted', deleteAll)
    },
    async stop(): Promise<void> {
      for (const timer of timers) clearInterval(timer)
      await running
    },
  }
}
