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

/** For output still in the pipes, should something outside the group keep them open. */
const LAST_WORDS_MS = 1_000

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

    let ending: Pick<Ending, 'code' | 'signal'> = { code: null, signal: null }
    let lastWords: NodeJS.Timeout | undefined
    const finish = (): void => {
      clearTimeout(limit)
      clearTimeout(lastWords)
      resolve({ ...ending, wasTooSlow, output, durationMs: performance.now() - begun })
    }
    child.once('error', (error) => {
      take(error.message)
      finish()
    })
    child.once('exit', (code, signal) => {
      ending = { code, signal }
      // What a test forgot to stop must not disturb the next one, nor hold our end of its pipes.
      if (pid !== undefined) {
        endGroup(pid)
        running.delete(pid)
      }
      lastWords = setTimeout(finish, LAST_WORDS_MS)
    })
    child.once('close', finish)
  })
