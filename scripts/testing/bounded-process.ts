import { spawn } from 'node:child_process'

export interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  /** It had to be killed, and with it all it had started. */
  wasTooSlow: boolean
  /** Standard output and error together, the last part of it when it is long. */
  output: string
  durationMs: number
}

const LARGEST_OUTPUT = 64 * 1024

const running = new Set<number>()

/** The negative number is the process group: a test's servers and browsers end with it. */
const endGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Ended meanwhile.
  }
}

/** For when we are told to stop. */
export const endEverything = (): void => {
  for (const pid of running) endGroup(pid)
}

/** Runs a program in a process group of its own, for a limited time. Never rejects. */
export const runBounded = (
  program: string,
  args: readonly string[],
  { limitMs, env }: { limitMs: number; env: NodeJS.ProcessEnv },
): Promise<Ending> =>
  new Promise((resolve) => {
    const begun = performance.now()
    let output = ''
    let wasTooSlow = false
    const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env })
    const take = (chunk: string): void => {
      output = (output + chunk).slice(-LARGEST_OUTPUT)
    }
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    const { pid } = child
    if (pid !== undefined) running.add(pid)
    const limit = setTimeout(() => {
      wasTooSlow = true
      if (pid !== undefined) endGroup(pid)
    }, limitMs)

    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(limit)
      if (pid !== undefined) {
        // What a test forgot to stop must not disturb the next one.
        endGroup(pid)
        running.delete(pid)
      }
      resolve({ code, signal, wasTooSlow, output, durationMs: performance.now() - begun })
    }
    child.once('error', (error) => {
      take(error.message)
      finish(null, null)
    })
    // Not 'close': a forgotten grandchild holds the pipes open for ever.
    child.once('exit', (code, signal) => setImmediate(finish, code, signal))
  })
