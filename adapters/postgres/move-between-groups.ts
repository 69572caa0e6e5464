import type { PoolClient } from 'pg'
import { MAX_GROUPS_PER_USER } from '#core/groups/group.ts'

export interface GroupMoves {
  poolId: string
  sub: string
  into: readonly string[]
  outOf: readonly string[]
  at: Date
}

/**
 * Puts a person, whose row is locked, into groups and takes them out of others. A group that is not there is made; what is
 * beyond the most groups of a person is left out.
 */
export const moveBetweenGroups = async (
  client: Pick<PoolClient, 'query'>,
  { poolId, sub, into, outOf, at }: GroupMoves,
): Promise<void> => {
  const leaving = outOf.filter((name) => !into.includes(name))
  if (leaving.length > 0)
    await client.query('DELETE FROM membership WHERE pool_id = $1 AND sub = $2 AND group_name = ANY ($3)', [
      poolId,
      sub,
      leaving,
    ])
  if (into.length === 0) return
  // In order of name: two people who bring the same new groups cannot block each other.
  const names = [...new Set(into)].sort()
  await client.query(
    `INSERT INTO user_group (pool_id, name, created_at) SELECT $1::text, name, $3::timestamptz FROM unnest($2::text[]) AS name
     ON CONFLICT (pool_id, name) DO NOTHING`,
    [poolId, names, at],
  )
  // Held until commit, so that none of them goes meanwhile and leaves a member behind.
  await client.query(
    `WITH wanted AS (SELECT name FROM user_group WHERE pool_id = $1 AND name = ANY ($3::text[]) ORDER BY name FOR SHARE)
     INSERT INTO membership (pool_id, sub, group_name, created_at)
     SELECT $1::text, $2::text, name, $4::timestamptz FROM wanted
     WHERE NOT EXISTS (SELECT 1 FROM membership m WHERE m.pool_id = $1 AND m.sub = $2 AND m.group_name = wanted.name)
     ORDER BY name LIMIT GREATEST(0, $5::int - (SELECT count(*)::int FROM membership WHERE pool_id = $1 AND sub = $2))
     ON CONFLICT DO NOTHING`,
    [poolId, sub, names, at, MAX_GROUPS_PER_USER],
  )
}
