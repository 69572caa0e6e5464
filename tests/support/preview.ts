import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const START_MS = 60_000

export interface Preview {
  stop(): Promise<void>
}

/** The pages alone, drawn from fixtures: Next without the server in front. Uses the production build where there is one. */
export const startPreview = async (port: number): Promise<Preview> => {
  const command = existsSync(`${ROOT}.next/BUILD_ID`) ? 'start' : 'dev'
  const next: ChildProcess = spawn(
    process.execPath,
    ['node_modules/next/dist/bin/next', command, '-H', '127.0.0.1', '-p', String(port)],
    { cwd: ROOT, env: { ...process.env, PORTICO_PREVIEW: '1', NEXT_TELEMETRY_DISABLED: '1' }, stdio: 'ignore' },
  )
  const stop = async () => {
    if (next.exitCode !== null || next.signalCode !== null) return
    const gone = once(next, 'exit')
    next.kill('SIGTERM')
    await gone
  }
  const end = Date.now() + START_MS
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/preview/sign-in/fresh`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isReady())) {
    if (next.exitCode !== null || Date.now() > end) {
      await stop()
      throw new Error('the preview of the pages did not start')
    }
    await pause(100)
  }
  return { stop }
}
