import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
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
  ;(exports.__wbindgen_start as () => void)()
  return bindings.SchemaEngine
}

// The catalogue has columns of the internal type "char" (oid 18), which the driver adapter cannot name. It looks types
// up in this table as it goes: XML, which no catalogue query returns, lends its place, and is read as text.
const CHAR_OID = 18
Object.assign(types.builtins, { XML: CHAR_OID })

export interface SchemaDifferenceInput {
  /** Any database of a server where we may create databases: the migrations are replayed in a temporary one. */
  connectionString: string
  schemaFile: string
  migrationsFolder: string
}

/** Taken apart, because the adapter names its temporary database beside a connection string, and the string wins. */
const partsOf = (connectionString: string) => {
  const { host, port, user, password, database, ssl } = new Client({ connectionString })
  return { host, port, user, password, database, ssl }
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
  const engine = await SchemaEngine.new(
    { datamodels: files.map(({ path, content }) => [path, content]) },
    () => {}, // its log lines say nothing that the result or the error does not
    bindMigrationAwareSqlAdapterFactory(new PrismaPg(partsOf(connectionString))),
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
}
