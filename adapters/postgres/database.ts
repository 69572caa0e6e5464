import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'
import { PrismaClient } from '#generated/prisma/client.ts'

/** The two ways into one PostgreSQL: Prisma for the domain, prepared statements for OAuth artefacts and counters. */
export interface Database {
  prisma: PrismaClient
  /** Connections of the prepared statements. A transaction cannot span both. */
  pool: Pool
  close(): Promise<void>
}

export interface DatabaseOptions {
  connectionString: string
  /** Connections per process and way. */
  maxConnections: number
  /** Called when an idle connection breaks; the next query opens a new one. */
  onError(error: Error): void
}

/** Opens both pools; connects on first use. Statements that wait longer than 10 s are given up, so that an outage shows. */
export const openDatabase = ({ connectionString, maxConnections, onError }: DatabaseOptions): Database => {
  const shared = {
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
  }
  const domain = new Pool(shared)
  const pool = new Pool(shared)
  for (const each of [domain, pool]) each.on('error', onError)
  const prisma = new PrismaClient({ adapter: new PrismaPg(domain) })
  return {
    prisma,
    pool,
    async close() {
      await prisma.$disconnect()
      await Promise.all([domain.end(), pool.end()])
    },
  }
}

/** One parametrised statement, run through either way: `tx.$executeRawUnsafe(text, ...values)` or `client.query(text, values)`. */
export interface Statement {
  text: string
  values: readonly unknown[]
}
