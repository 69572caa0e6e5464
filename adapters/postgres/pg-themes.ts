import type { Database } from './database.ts'

/** A row of the look: settings as stored, not yet parsed. */
export interface ThemeRow {
  settings: unknown
  cssSource: string | null
  css: string | null
}

/** Looks of pools and clients, and their images. `clientId` "" is the pool's own. */
export const pgThemes = ({ pool }: Pick<Database, 'pool'>) => ({
  async find(poolId: string, clientId: string): Promise<ThemeRow | null> {
    const { rows } = await pool.query<{ settings: unknown; css_source: string | null; css: string | null }>({
      name: 'theme-find',
      text: 'SELECT settings, css_source, css FROM theme WHERE pool_id = $1 AND client_id = $2',
      values: [poolId, clientId],
    })
    const [row] = rows
    return row === undefined ? null : { settings: row.settings, cssSource: row.css_source, css: row.css }
  },
  /** Replaces a look and bumps the pool's version, in one transaction of one statement. */
  async put(
    poolId: string,
    clientId: string,
    theme: { settings: object; cssSource: string | null; css: string | null },
    at: Date,
  ): Promise<void> {
    await pool.query({
      text: `WITH look AS (
               INSERT INTO theme (pool_id, client_id, settings, css_source, css, updated_at) VALUES ($1, $2, $3::jsonb, $4, $5, $6)
               ON CONFLICT (pool_id, client_id) DO UPDATE SET settings = excluded.settings, css_source = excluded.css_source,
                 css = excluded.css, updated_at = excluded.updated_at)
             UPDATE pool SET version = version + 1, updated_at = $6 WHERE id = $1`,
      values: [poolId, clientId, JSON.stringify(theme.settings), theme.cssSource, theme.css, at],
    })
  },
  async image(poolId: string, hash: string): Promise<{ contentType: string; bytes: Buffer } | null> {
    const { rows } = await pool.query<{ content_type: string; bytes: Buffer }>({
      name: 'theme-image',
      text: 'SELECT content_type, bytes FROM theme_asset WHERE pool_id = $1 AND hash = $2',
      values: [poolId, hash],
    })
    const [row] = rows
    return row === undefined ? null : { contentType: row.content_type, bytes: row.bytes }
  },
  async putImage(poolId: string, image: { hash: string; contentType: string; bytes: Uint8Array }): Promise<void> {
    await pool.query({
      text: 'INSERT INTO theme_asset (pool_id, hash, content_type, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      values: [poolId, image.hash, image.contentType, Buffer.from(image.bytes)],
    })
  },
})
export type ThemeStore = ReturnType<typeof pgThemes>
