import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { Client, types } from 'pg'

/**
 * Loads Prisma's schema engine from its npm package. The engine's own loader imports `.wasm` as a module, which Node
 * does not do; the ordinary engine is a download, which not every network allows.
 */
const loadEngine = (): typeof bindings.SchemaEngine => {
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const module = new WebAssembly.Module(readFileSync(file.replace(/\.js$/, '.wasm')))
  const { exports } = new WebAssembly.Instance(module, {
    './schema_engine_bg.js': bindings as WebAssembly.ModuleImports,
  })
  bindings.__wbg_set_wasm(exports)
  // The engine leaves its last words here before it aborts; without the object they are lost.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (words: string) => console.error(words) } })
  ;(exports.__wbindgen_start as () => void)()
  return bindings.SchemaEngine
}

// The catalogue has columns of the internal type "char" (oid 18), which the driver adapter cannot name and the engine
// wants as a character. The adapter looks both up in these tables as it goes; no catalogue query returns a time of day,
// so that type lends its place, in this process alone.
const CHAR_OID = 18
Object.assign(types.builtins, { TIMETZ: CHAR_OID })
Object.assign(ColumnTypeEnum, { Time: ColumnTypeEnum.Character })

export interface SchemaDifferenceInput {
  /** Any database of a server where we may create databases: the migrations are replayed in a temporary one. */
  connectionString: string
  schemaFile: string
  migrationsFolder: string
}

/**
 * Lends the engine an empty database for as long as `use` runs. The adapter's own way leaves its temporary database
 * behind, and one that is given a connection string replays the migrations in the database the string names.
 */
const withScratchDatabase = async <T>(connectionString: string, use: (factory: PrismaPg) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString })
  await client.connect()
  const { host, port, user, password, ssl } = client
  const database = `portico_scratch_${randomUUID()}`
  await client.query(`CREATE DATABASE "${database}"`)
  const factory = new PrismaPg({ host, port, user, password, ssl, database }, { onPoolError: () => {} })
  try {
    return await use(Object.assign(factory, { connectToShadowDb: () => factory.connect() }))
  } finally {
    await client.query(`DROP DATABASE "${database}" WITH (FORCE)`)
    await client.end()
  }
}

const migrationsIn = (folder: string) => ({
  baseDir: folder,
  lockfile: { path: 'migration_lock.toml', content: readFileSync(join(folder, 'migration_lock.toml'), 'utf8') },
  shadowDbInitScript: '',
  migrationDirectories: readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: readFileSync(join(folder, path, 'migration.sql'), 'utf8') },
      },
    })),
})

/** SQL that leads from the checked-in migrations to the schema file; empty when they agree. */
export const schemaDifference = async (input: SchemaDifferenceInput): Promise<string> => {
  const { connectionString, schemaFile, migrationsFolder } = input
  const files = [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }]
  const SchemaEngine = loadEngine()
  return withScratchDatabase(connectionString, async (factory) => {
    const engine = await SchemaEngine.new(
      { datamodels: files.map(({ path, content }) => [path, content]) },
      () => {}, // its log lines say nothing that the result or the error does not
      bindMigrationAwareSqlAdapterFactory(factory),
    )
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...migrationsIn(migrationsFolder) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    const sql = (stdout ?? '').trim()
    return sql === '-- This is an empty migration.' ? '' : `${sql}\n`
  })
}
