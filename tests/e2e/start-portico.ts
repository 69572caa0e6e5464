import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { freshDatabase } from '#tests/support/database.ts'
import { freePorts } from '#tests/support/free-ports.ts'
import { startPorticoProcess } from '#tests/support/portico-process.ts'
import { type Running, tellWorkers } from '#tests/support/running.ts'

const DEMO_MS = 20_000

/** One Portico for the whole run, as people start it, demo app included, on a database and ports of its own. */
export default async function startPortico(): Promise<() => Promise<void>> {
  const [port = 0, opsPort = 0, demoPort = 0] = await freePorts(3)
  const database = await freshDatabase()
  const running: Running = {
    origin: `http://localhost:${port}`,
    demo: `http://localhost:${demoPort}`,
    connectionString: database.connectionString,
    secret: randomBytes(32).toString('base64url'),
  }
  const portico = await startPorticoProcess({
    origin: running.origin,
    port,
    opsPort,
    databaseUrl: database.connectionString,
    env: { PORTICO_SECRET: running.secret, PORTICO_SEED_DEMO: 'true', DEMO_PORT: String(demoPort) },
  }).catch(async (error: unknown) => {
    await database.drop()
    throw error
  })
  const stop = async (): Promise<void> => {
    await portico.stop()
    await database.drop()
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
      throw new Error(`the demo app did not start:\n${portico.log()}`)
    }
    await pause(50)
  }
  tellWorkers(running)
  return stop
}
