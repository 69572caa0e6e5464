import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { KeyUse, PrivateJwk, SigningKey, SigningKeyMaker, SigningKeyStore } from '#core/keys/ports.ts'
import type { PoolSettings } from '#core/pools/pool-settings.ts'
import type { Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'

/** The row a sealed private key is bound to. */
export const signingKeyBoundTo = (poolId: string, kid: string) => `${poolId}|${kid}`

const PUBLIC_MEMBERS = ['kty', 'n', 'e', 'crv', 'x', 'y', 'kid', 'alg', 'use']

/** The public half: what may stand in a JWKS. An allow-list, so that no private member of a new key type slips through. */
export const publicJwk = (jwk: PrivateJwk): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ ...jwk, use: 'sig' }).filter(([name]) => PUBLIC_MEMBERS.includes(name)))

const newKey = async (alg: PoolSettings['algorithm']): Promise<PrivateJwk> => {
  const { privateKey } = await generateKeyPair(alg, {
    extractable: true,
    ...(alg === 'RS256' ? { modulusLength: 2048 } : {}),
    ...(alg === 'EdDSA' ? { crv: 'Ed25519' } : {}),
  })
  const jwk = await exportJWK(privateKey)
  // RFC 7638: the key's own fingerprint names it.
  return { ...jwk, kty: String(jwk.kty), alg, kid: await calculateJwkThumbprint(jwk) }
}

export const prismaSigningKeys = (
  { prisma }: Pick<Database, 'prisma'>,
  secrets: Sealer,
): SigningKeyStore & SigningKeyMaker => ({
  async list(poolId) {
    const rows = await prisma.signingKey.findMany({
      where: { poolId, status: { not: 'gone' } },
      orderBy: { createdAt: 'desc' },
    })
    return rows.map(
      (row): SigningKey => ({
        kid: row.kid,
        use: row.use as KeyUse,
        alg: row.alg,
        status: row.status as SigningKey['status'],
        privateJwk: JSON.parse(
          secrets.open('signing-key', signingKeyBoundTo(poolId, row.kid), row.privateSealed),
        ) as PrivateJwk,
      }),
    )
  },
  /** Two keys, as Cognito pools have: one signs ID tokens, the other access tokens where the pool keeps them apart. */
  async createFor(poolId, settings, at) {
    for (const use of ['id', 'access'] as const) {
      const jwk = await newKey(settings.algorithm)
      await prisma.signingKey.create({
        data: {
          poolId,
          kid: jwk.kid,
          use,
          alg: jwk.alg,
          status: 'active',
          publicJwk: publicJwk(jwk) as object,
          privateSealed: secrets.seal('signing-key', signingKeyBoundTo(poolId, jwk.kid), JSON.stringify(jwk)),
          createdAt: at,
          activeFrom: at,
        },
      })
    }
  },
})
