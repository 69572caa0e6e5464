import { open } from 'node:fs/promises'
import type { EventSink } from '#core/events/ports.ts'

const NEWLINE = 0x0a

/**
 * Appends to a file that may be moved away at any time: it is opened anew for every batch, so that log rotation needs no
 * signal. The lines are on disk when `write` resolves. What a crash left unfinished is ended first, and comes again whole.
 */
export const fileSink = (path: string): EventSink => ({
  name: 'file',
  async write(lines) {
    // Readable for nobody else: it says who signed in from where.
    const file = await open(path, 'a+', 0o600)
    try {
      const { size } = await file.stat()
      const last = Buffer.alloc(1)
      // A pipe or device has no size, and nothing to read back.
      if (size > 0) await file.read(last, 0, 1, size - 1)
      const isTorn = size > 0 && last[0] !== NEWLINE
      await file.appendFile(`${isTorn ? '\n' : ''}${lines.join('\n')}\n`)
      await file.datasync()
    } finally {
      await file.close()
    }
  },
})
