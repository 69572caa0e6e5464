import type { Device, DeviceStore } from '#core/factors/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

interface DeviceRow {
  pool_id: string
  sub: string
  id: string
  token_hash: string
  name: string
  remembered_until: Date | null
  first_seen_at: Date
  last_seen_at: Date
  last_ip: string | null
  last_place: Device['lastPlace']
}

const COLUMNS = 'pool_id, sub, id, token_hash, name, remembered_until, first_seen_at, last_seen_at, last_ip, last_place'

const toDevice = (row: DeviceRow): Device => ({
  poolId: row.pool_id,
  sub: row.sub,
  id: row.id,
  tokenHash: row.token_hash,
  name: row.name,
  rememberedUntil: row.remembered_until,
  firstSeenAt: row.first_seen_at,
  lastSeenAt: row.last_seen_at,
  lastIp: row.last_ip,
  lastPlace: row.last_place,
})

export const pgDevices = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): DeviceStore => ({
  async find(poolId, sub, tokenHash) {
    const { rows } = await pool.query<DeviceRow>({
      name: 'device-find',
      text: `SELECT ${COLUMNS} FROM device WHERE pool_id = $1 AND sub = $2 AND token_hash = $3`,
      values: [poolId, sub, tokenHash],
    })
    return rows[0] === undefined ? null : toDevice(rows[0])
  },

  async list(poolId, sub) {
    const { rows } = await pool.query<DeviceRow>({
      name: 'device-list',
      text: `SELECT ${COLUMNS} FROM device WHERE pool_id = $1 AND sub = $2 ORDER BY last_seen_at DESC, id DESC`,
      values: [poolId, sub],
    })
    return rows.map(toDevice)
  },

  seen: (device, alongside) =>
    inTransaction(pool, async (client) => {
      await client.query({
        name: 'device-seen',
        text: `INSERT INTO device (pool_id, sub, id, token_hash, name, remembered_until, first_seen_at, last_seen_at, last_ip, last_place)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
               ON CONFLICT (pool_id, sub, token_hash) DO UPDATE SET
                 name = excluded.name,
                 remembered_until = COALESCE(excluded.remembered_until, device.remembered_until),
                 last_seen_at = GREATEST(device.last_seen_at, excluded.last_seen_at),
                 last_ip = excluded.last_ip, last_place = excluded.last_place`,
        values: [
          device.poolId,
          device.sub,
          device.id,
          device.tokenHash,
          device.name,
          device.rememberedUntil,
          device.firstSeenAt,
          device.lastSeenAt,
          device.lastIp,
          device.lastPlace === null ? null : JSON.stringify(device.lastPlace),
        ],
      })
      await writeAlongside(client, alongside, secrets)
    }),

  forget: (poolId, sub, id, alongside) =>
    inTransaction(pool, async (client) => {
      const { rowCount } = await client.query({
        name: 'device-forget',
        text: 'DELETE FROM device WHERE pool_id = $1 AND sub = $2 AND id = $3',
        values: [poolId, sub, id],
      })
      if (rowCount !== 1) return fail('device-missing')
      await writeAlongside(client, alongside, secrets)
      return ok(undefined)
    }),

  forgetOthers: (poolId, sub, keep, alongside) =>
    inTransaction(pool, async (client) => {
      await client.query({
        name: 'device-forget-others',
        text: 'DELETE FROM device WHERE pool_id = $1 AND sub = $2 AND id IS DISTINCT FROM $3',
        values: [poolId, sub, keep],
      })
      await writeAlongside(client, alongside, secrets)
    }),
})
