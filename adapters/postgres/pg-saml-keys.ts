import type { PairwiseSecrets, SamlKeyMaker, SamlKeys } from '#core/keys/ports.ts'
import type { Clock, Random, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'

/** The row a sealed private key is bound to. */
export const samlKeyBoundTo = (poolId: string, use: string) => `${poolId}|${use}`

/** Whoever loses the race for the row makes a key for nothing, and reads the winner's. */
export const pgSamlKeys = (
  { pool }: Pick<Database, 'pool'>,
  { secrets, maker, clock }: { secrets: Sealer; maker: SamlKeyMaker; clock: Clock },
): SamlKeys => {
  const find = async (poolId: string, use: string) => {
    const { rows } = await pool.query<{ private_sealed: string; certificate: string }>({
      name: 'saml-key-find',
      text: 'SELECT private_sealed, certificate FROM saml_key WHERE pool_id = $1 AND use = $2',
      values: [poolId, use],
    })
    const [row] = rows
    if (row === undefined) return null
    const privateKey = secrets.open('saml-key', samlKeyBoundTo(poolId, use), row.private_sealed)
    return { privateKey, certificate: row.certificate }
  }
  return {
    async of(poolId, use) {
      const known = await find(poolId, use)
      if (known !== null) return known
      const at = clock.now()
      const made = await maker.make(`${poolId} SAML ${use}`, at)
      await pool.query({
        name: 'saml-key-keep',
        text: `INSERT INTO saml_key (pool_id, use, private_sealed, certificate, created_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (pool_id, use) DO NOTHING`,
        values: [
          poolId,
          use,
          secrets.seal('saml-key', samlKeyBoundTo(poolId, use), made.privateKey),
          made.certificate,
          at,
        ],
      })
      return (await find(poolId, use)) ?? made
    },
  }
}

/** The same, for what names of people are derived from. */
export const pgPairwiseSecrets = (
  { pool }: Pick<Database, 'pool'>,
  { secrets, random, clock }: { secrets: Sealer; random: Random; clock: Clock },
): PairwiseSecrets => {
  const find = async (poolId: string): Promise<string | null> => {
    const { rows } = await pool.query<{ sealed: string }>({
      name: 'pairwise-secret-find',
      text: 'SELECT sealed FROM pairwise_secret WHERE pool_id = $1',
      values: [poolId],
    })
    return rows[0] === undefined ? null : secrets.open('pairwise-secret', poolId, rows[0].sealed)
  }
  return {
    async of(poolId) {
      const known = await find(poolId)
      if (known !== null) return known
      const made = Buffer.from(random.bytes(32)).toString('base64url')
      await pool.query({
        name: 'pairwise-secret-keep',
        text: `INSERT INTO pairwise_secret (pool_id, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (pool_id) DO NOTHING`,
        values: [poolId, secrets.seal('pairwise-secret', poolId, made), clock.now()],
      })
      return (await find(poolId)) ?? made
    },
  }
}
