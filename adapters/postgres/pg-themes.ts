import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import type { ThemeStore } from '#core/themes/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'
import { POOL_CHANNEL } from './write-together.ts'

/** Looks of pools and clients, and their images. `clientId` "" is the pool's own. */
export const pgThemes = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): ThemeStore => ({
  async find(poolId, clientId) {
    const { rows } = await pool.query<{ settings: unknown; css_source: string | null; css: string | null }>({
      name: 'theme-find',
      text: 'SELECT settings, css_source, css FROM theme WHERE pool_id = $1 AND client_id = $2',
      values: [poolId, clientId],
    })
    const [row] = rows
    return row === undefined ? null : { settings: row.settings, cssSource: row.css_source, css: row.css }
  },
  async image(poolId, hash) {
    const { rows } = await pool.query<{ content_type: string; bytes: Buffer }>({
      name: 'theme-image',
      text: 'SELECT content_type, bytes FROM theme_asset WHERE pool_id = $1 AND hash = $2',
      values: [poolId, hash],
    })
    const [row] = rows
    return row === undefined ? null : { contentType: row.content_type, bytes: row.bytes }
  },
  put: (poolId, clientId, { settings, cssSource, css, images }, at, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query('UPDATE pool SET version = version + 1, updated_at = $2 WHERE id = $1', [
        poolId,
        at,
      ])
      if (rowCount === 0) return fail('pool-unknown')
      for (const { hash, contentType, bytes } of images) {
        await client.query({
          text: 'INSERT INTO theme_asset (pool_id, hash, content_type, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
          values: [poolId, hash, contentType, Buffer.from(bytes)],
        })
      }
      await client.query({
        text: `INSERT INTO theme (pool_id, client_id, settings, css_source, css, updated_at) VALUES ($1, $2, $3::jsonb, $4, $5, $6)
               ON CONFLICT (pool_id, client_id) DO UPDATE SET settings = excluded.settings, css_source = excluded.css_source,
                 css = excluded.css, updated_at = excluded.updated_at`,
        values: [poolId, clientId, JSON.stringify(settings), cssSource, css, at],
      })
      await client.query('SELECT pg_notify($1, $2)', [POOL_CHANNEL, poolId])
      await writeAlongside(client, alongside, secrets)
      return ok(undefined)
    }),
})
