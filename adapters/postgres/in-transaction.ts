import type { PoolClient } from 'pg'
import type { Alongside } from '#core/shared/alongside.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { alongsideStatements } from './alongside.ts'
import type { Database } from './database.ts'

/** Runs statements in one transaction of the prepared-statement pool. */
export const inTransaction = async <T>(
  pool: Database['pool'],
  work: (client: PoolClient) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    // A connection that cannot roll back is not one to give back.
    await client.query('ROLLBACK').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    )
    throw error
  }
}

export const writeAlongside = async (
  client: Pick<PoolClient, 'query'>,
  alongside: Alongside,
  secrets: Sealer & KeyedHash,
): Promise<void> => {
  for (const { text, values } of alongsideStatements(alongside, secrets)) await client.query(text, [...values])
}
