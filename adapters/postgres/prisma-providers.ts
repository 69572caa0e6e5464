import type { Pool } from 'pg'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import type { ProviderStore } from '#core/federation/ports.ts'
import { ProviderSettings } from '#core/federation/provider-settings.ts'
import { dropsTokens } from '#core/federation/token-settings.ts'
import { endSessionsByStatement } from './identity-statements.ts'
import { providerReader } from './provider-reader.ts'
import { endingByProviderStatement } from './sign-out-statements.ts'
import { bumpPool, type DomainStore, refuse, type Transaction, writeTogether } from './write-together.ts'

const PURPOSE = 'identity-provider'
/** The row a sealed secret is bound to. */
export const providerSealedFor = (poolId: string, name: string): string => JSON.stringify([poolId, name])

/** A word that another provider has violates its key, whatever the letter case of either. */
const takeIdentifiers = async (tx: Transaction, { poolId, name, settings }: IdentityProvider): Promise<void> => {
  await tx.providerIdentifier.deleteMany({ where: { poolId, provider: name } })
  const words = new Set(settings.identifiers.map((identifier) => identifier.toLowerCase()))
  await tx.providerIdentifier.createMany({
    data: [...words].map((identifierLower) => ({ poolId, identifierLower, provider: name })),
  })
}

/** Everybody of a large provider: 300,000 people took 7 s. Milliseconds. */
const MOST_FOR_SESSIONS = 300_000

const endSessions = async (tx: Transaction, poolId: string, name: string, at: Date): Promise<void> => {
  await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${MOST_FOR_SESSIONS}`)
  for (const { text, values } of [
    endingByProviderStatement(poolId, name, at),
    endSessionsByStatement(poolId, name, at),
  ])
    await tx.$executeRawUnsafe(text, ...values)
}

const dropAllTokens = async (tx: Transaction, poolId: string, provider: string): Promise<void> => {
  await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${MOST_FOR_SESSIONS}`)
  const kept = { poolId, provider, tokensSealed: { not: null } }
  await tx.linkedIdentity.updateMany({ where: kept, data: { tokensSealed: null } })
}

const sourceOf = (settings: unknown): string => {
  const { metadataUrl = null, metadataXml = null, idpEntityId = null } = settings as Record<string, unknown>
  return JSON.stringify([metadataUrl, metadataXml, idpEntityId])
}

/** Identity providers and what they are told their secrets by. Every change bumps the pool's version. */
export const prismaProviders = (store: DomainStore & { pool: Pool }): ProviderStore => {
  const { prisma, secrets } = store
  const sealed = (poolId: string, name: string, secret: string): string =>
    secrets.seal(PURPOSE, providerSealedFor(poolId, name), secret)
  return {
    ...providerReader(store.pool),

    create: (provider, secret, alongside) =>
      writeTogether(
        store,
        alongside,
        async (tx) => {
          const { poolId, name } = provider
          await bumpPool(tx, poolId)
          await tx.identityProvider.create({
            data: {
              ...provider,
              nameLower: name.toLowerCase(),
              secret: secret === null ? null : sealed(poolId, name, secret),
            },
          })
          await takeIdentifiers(tx, provider)
        },
        'already-exists',
      ),

    change: (provider, secret, alongside, endSessionsAt) =>
      writeTogether(
        store,
        alongside,
        async (tx) => {
          const { poolId, name, settings, updatedAt } = provider
          await bumpPool(tx, poolId)
          const before = await tx.identityProvider.findUnique({ where: { poolId_name: { poolId, name } } })
          if (before === null) refuse('provider-unknown')
          await tx.identityProvider.updateMany({
            where: { poolId, name },
            data: { settings, updatedAt, ...(secret === undefined ? {} : { secret: sealed(poolId, name, secret) }) },
          })
          await takeIdentifiers(tx, provider)
          // What was fetched from where it no longer comes from names keys that are no longer theirs.
          if (sourceOf(before?.settings) !== sourceOf(settings))
            await tx.$executeRaw`DELETE FROM upstream_metadata WHERE pool_id = ${poolId} AND provider_id = ${name}`
          if (endSessionsAt !== undefined) await endSessions(tx, poolId, name, endSessionsAt)
          // After the people's own rows, as sign-ins lock them.
          const isDropping = before !== null && dropsTokens(ProviderSettings.parse(before.settings), settings)
          if (isDropping) await dropAllTokens(tx, poolId, name)
        },
        'already-exists',
        MOST_FOR_SESSIONS,
      ),

    delete: (poolId, name, alongside) =>
      writeTogether(
        store,
        alongside,
        async (tx) => {
          await bumpPool(tx, poolId)
          const { count } = await tx.identityProvider.deleteMany({ where: { poolId, name } })
          if (count === 0) refuse('provider-unknown')
          const [event] = alongside.events
          if (event !== undefined) await endSessions(tx, poolId, name, event.createdAt)
          const its = { where: { poolId, provider: name } }
          await tx.providerIdentifier.deleteMany(its)
          await tx.linkedIdentity.deleteMany(its)
          await tx.upstreamSession.deleteMany(its)
          await tx.$executeRaw`DELETE FROM upstream_metadata WHERE pool_id = ${poolId} AND provider_id = ${name}`
        },
        undefined,
        MOST_FOR_SESSIONS,
      ),

    async secret(poolId, name) {
      const row = await prisma.identityProvider.findUnique({
        where: { poolId_name: { poolId, name } },
        select: { secret: true },
      })
      return row === null || row.secret === null
        ? null
        : secrets.open(PURPOSE, providerSealedFor(poolId, name), row.secret)
    },

    async endSessionsBy(poolId, name, at) {
      const act = (tx: Transaction) => endSessions(tx, poolId, name, at)
      await writeTogether(store, { events: [] }, act, undefined, MOST_FOR_SESSIONS)
    },
  }
}
