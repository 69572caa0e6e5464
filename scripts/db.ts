import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { systemClock } from '#adapters/clock/system-clock.ts'
import { MIGRATIONS, migrate, migrationStates, refusals, SchemaRefused } from '#adapters/postgres/migrate.ts'
import { ConfigError, EXIT_CONFIG } from '#server/config.ts'
import { type DatabaseInUse, openDatabaseInUse } from './database-address.ts'

const HELP = `npm run db -- <command>

  migrate        apply what is pending (npm start does the same)
  status         list the migrations; exit 1 when something is pending, 2 when this build does not fit
  new <name>     write prisma/migrations/<time>_<name>/ from what changed in prisma/schema.prisma
  reset          drop everything and migrate again; --yes where DATABASE_URL is set
  psql [args]    open psql on the database; arguments after -- are psql's own

The database is DATABASE_URL, else the one in the data folder, started for as long as the command runs.

Examples
  npm run db -- new add_device_trust
  npm run db -- psql -- -c 'select count(*) from user_account'
`

const SCHEMA = join(import.meta.dirname, '../prisma/schema.prisma')
const EXIT_USAGE = 64
const say = (line: string) => console.log(line)

const applyAll = async ({ connectionString }: DatabaseInUse): Promise<number> => {
  const applied = await migrate({ connectionString, clock: systemClock, log: say })
  say(applied.length === 0 ? 'the schema is up to date' : `${applied.length} applied; the schema is up to date`)
  return 0
}

const status = async ({ connectionString }: DatabaseInUse): Promise<number> => {
  const states = await migrationStates({ connectionString })
  for (const { name, state, appliedAt } of states)
    say(`${state.padEnd(8)} ${name}  ${appliedAt?.toISOString() ?? ''}`.trimEnd())
  const problems = refusals(states)
  for (const problem of problems) say(problem)
  if (problems.length > 0) return 2
  return states.some(({ state }) => state === 'pending') ? 1 : 0
}

const writeMigration = async ({ connectionString }: DatabaseInUse, name: string | undefined): Promise<number> => {
  if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
    console.error('give the migration a name of its intent in lower_case: npm run db -- new add_device_trust')
    return EXIT_USAGE
  }
  // Loaded here alone: it is a development package, and production images have none.
  const { schemaDifference } = await import('./schema-difference.ts')
  const sql = await schemaDifference({ connectionString, schemaFile: SCHEMA, migrationsFolder: MIGRATIONS })
  if (sql === '') {
    say('prisma/schema.prisma and the migrations agree: nothing to write')
    return 0
  }
  const stamp = systemClock.now().toISOString().replace(/\D/g, '').slice(0, 14)
  const folder = join(MIGRATIONS, `${stamp}_${name}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'migration.sql'), sql)
  say(`wrote ${join(folder, 'migration.sql')}: read it, then npm run db -- migrate`)
  return 0
}

const reset = async (database: DatabaseInUse, isSure: boolean): Promise<number> => {
  if (database.isExternal && !isSure) {
    console.error('this drops every table of the database in DATABASE_URL; say --yes if that is meant')
    return EXIT_USAGE
  }
  const client = new Client({ connectionString: database.connectionString })
  await client.connect()
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public').finally(() => client.end())
  say('dropped everything')
  return applyAll(database)
}

const psql = ({ connectionString }: DatabaseInUse, args: string[]): number => {
  const { error, status: code } = spawnSync('psql', [connectionString, ...args], { stdio: 'inherit' })
  if (!error) return code ?? 1
  console.error(`psql is not installed (Debian: apt-get install postgresql-client). The address is ${connectionString}`)
  return 69
}

const main = async (): Promise<number> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { yes: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  })
  const [command, ...rest] = positionals
  const commands: Record<string, (database: DatabaseInUse) => number | Promise<number>> = {
    migrate: applyAll,
    status,
    new: (database) => writeMigration(database, rest[0]),
    reset: (database) => reset(database, values.yes),
    psql: (database) => psql(database, rest),
  }
  const run = command === undefined ? undefined : commands[command]
  if (values.help || !run) {
    console.log(HELP)
    return values.help ? 0 : EXIT_USAGE
  }
  const database = await openDatabaseInUse()
  try {
    return await run(database)
  } finally {
    await database.release()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof ConfigError || error instanceof SchemaRefused) {
    console.error(error.message)
    process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : 2
  } else {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
