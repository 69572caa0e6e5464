import type { Logger } from 'pino'
import { carryOutDeletions, makeExports } from '#core/account/index.ts'
import type { AccountRoomOpen } from '../account/account-room.ts'

const EVERY_MS = 15_000

/** Work that people asked for in their account and do not wait for: copies of their data, deletions whose time has come. */
export const accountJobs = ({
  ports,
  contextOf,
  log,
}: Pick<AccountRoomOpen, 'ports' | 'contextOf'> & { log: Logger }) => {
  let timer: NodeJS.Timeout | null = null
  let running: Promise<unknown> = Promise.resolve()
  const once = async (): Promise<{ deleted: number; exported: number }> => {
    const deleted = await carryOutDeletions(ports)(contextOf)
    const exported = await makeExports(ports)(contextOf)
    if (deleted + exported > 0) log.info({ deleted, exported }, 'account jobs done')
    return { deleted, exported }
  }
  return {
    once,
    start(): void {
      timer = setInterval(() => {
        running = running
          .then(once)
          .catch((error: unknown) =>
            log.warn({ because: error instanceof Error ? error.message : String(error) }, 'account jobs broke off'),
          )
      }, EVERY_MS)
      timer.unref()
    },
    async stop(): Promise<void> {
      if (timer !== null) clearInterval(timer)
      await running
    },
  }
}
