import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '#adapters/clock/system-clock.ts'
import type { Database } from '#adapters/postgres/database.ts'
import { pgThemes } from '#adapters/postgres/pg-themes.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import type { KeyRing } from '#adapters/secrets/key-ring.ts'
import { applyConfiguration } from '#core/configuration/index.ts'
import type { CompromisedPasswords } from '#core/passwords/index.ts'
import { keepThemes } from '#core/themes/index.ts'
import { administrationOver } from './cli/administration.ts'
import { materialsBeside } from './cli/materials.ts'
import { readConfiguration } from './cli/read-configuration.ts'
import type { Config } from './config.ts'

const FILE = join(import.meta.dirname, '../prisma/seed/portico.demo.yaml')
/** Where the file expects the demo app. */
const PORT_IN_FILE = ':3010'

/** What the file makes, for whoever shows it. */
export const DEMO = {
  poolId: 'eu-local-1_PorticoDm',
  webClientId: 'demowebapp0000000000000000',
  person: { email: 'ann@fjord-books.example', password: 'reading by the window' },
} as const

/** Derived and not stored: the demo app and the demo pool agree on it across restarts. */
export const demoClientSecret = (secrets: KeyRing): string => secrets.derive('demo-client')

/** Applies the demo's file to an empty database. False when there was anything in it already. */
export const seedDemo = async ({
  config,
  database,
  secrets,
  ports,
}: {
  config: Config
  database: Database
  secrets: KeyRing
  ports: { compromised: CompromisedPasswords }
}): Promise<boolean> => {
  const by = { name: 'seed', context: null }
  // Nobody has signed in by a provider yet.
  const tokenRefreshes = async () => null
  const { compromised } = ports
  const admin = administrationOver({ config, compromised, database, secrets, tokenRefreshes }, by)
  if ((await admin.pools.list()).length > 0) return false
  const variables: Readonly<Record<string, string>> = { DEMO_CLIENT_SECRET: demoClientSecret(secrets) }
  const materials = materialsBeside((name) => variables[name])(FILE)
  const text = (await readFile(FILE, 'utf8')).replaceAll(PORT_IN_FILE, `:${config.DEMO_PORT}`)
  const read = await readConfiguration(text, materials)
  if (!read.ok)
    throw new Error(
      `the demo cannot be made: ${read.problems.map(({ line, message }) => `${line}: ${message}`).join('; ')}`,
    )
  const themes = keepThemes({ themes: pgThemes(database, secrets), random: systemRandom, clock: systemClock }, by)
  const applied = await applyConfiguration({ admin, materials, themes })(read.file, { dryRun: false, prune: false })
  if (applied.failure !== null)
    throw new Error(`the demo cannot be made: ${applied.failure.change.name}: ${applied.failure.failure.code}`)
  return true
}
