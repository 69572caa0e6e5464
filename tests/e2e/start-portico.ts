import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { freshDatabase } from '#tests/support/database.ts'
import { freePorts } from '#tests/support/free-ports.ts'
import { startPorticoProcess } from '#tests/support/portico-process.ts'
import { startPreview } from '#tests/support/preview.ts'
import { type Running, tellWorkers } from '#tests/support/running.ts'

const DEMO_MS = 20_000

/** One Portico and one preview of its pages for the whole run, as people start it, demo app included, on a database and ports of its own. */
export default async function startPortico(): Promise<() => Promise<void>> {
  const [port = 0, opsPort = 0, demoPort = 0, previewPort = 0] = await freePorts(4)
  const database = await freshDatabase()
  const running: Running = {
    origin: `http://localhost:${port}`,
    demo: `http://localhost:${demoPort}`,
    preview: `http://127.0.0.1:${previewPort}`,
    connectionString: database.connectionString,
    secret: randomBytes(32).toString('base64url'),
  }
  const started = await Promise.allSettled([
    startPorticoProcess({
      origin: running.origin,
      port,
      opsPort,
      databaseUrl: database.connectionString,
      env: { PORTICO_SECRET: running.secret, PORTICO_SEED_DEMO: 'true', DEMO_PORT: String(demoPort) },
    }),
    startPreview(previewPort),
  ])
  const [portico] = started
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)))
    await database.drop()
  }
  for (const each of started) {
    if (each.status === 'fulfilled') continue
    await stop()
    throw each.reason
  }

  // Ready means that the pool answers; the demo app is made after that.
  const end = Date.now() + DEMO_MS
  const answers = () =>
    fetch(running.demo).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await answers())) {
    if (Date.now() > end) {
      await stop()
      throw new Error(`the demo app did not start:\n${portico.status === 'fulfilled' ? portico.value.log() : ''}`)
    }
    await pause(50)
  }
  tellWorkers(running)
  return stop
}
