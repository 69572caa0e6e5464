import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openDatabase } from '#adapters/postgres/database.ts'
import { pgIdentities } from '#adapters/postgres/pg-identities.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import { renewSealed } from '#server/secret.ts'
import { aNewUser, anIdentity, aPool, aProvider, NOON } from '#tests/support/builders.ts'
import { freshDatabase } from '#tests/support/database.ts'

const [FIRST, SECOND] = ['a'.repeat(43), 'b'.repeat(43)]
const nothing = { events: [] }

it('secrets of providers, and what they said of people, outlive a change of the master secret', async (t) => {
  const { connectionString } = await freshDatabase(t)
  const { prisma, pool, close } = openDatabase({ connectionString, maxConnections: 4, onError: () => {} })
  t.after(close)
  const under = (secrets = keyRing(FIRST)) => ({
    providers: prismaProviders({ prisma, pool, secrets }),
    identities: pgIdentities({ pool }, secrets),
  })
  const before = under()
  const store = { prisma, secrets: keyRing(FIRST) }
  const { id: poolId, ...rest } = aPool()
  await prismaPools(store).create({ id: poolId, ...rest }, nothing)
  await before.providers.create(aProvider(poolId, { settings: { keepsTokens: true } }), 'shared', nothing)
  await before.providers.create(aProvider(poolId, { name: 'None' }), null, nothing)
  const record = { claims: { email: 'a@corp.example' }, at: NOON }
  const tokens = { accessToken: 'token', refreshToken: null, expiresAt: null }
  const [kept, without] = [anIdentity(poolId), anIdentity(poolId, { subject: 'two' })]
  for (const sub of ['ann', 'bo']) await prismaUsers(store).create(aNewUser(poolId, [sub], { sub }), nothing)
  await before.identities.link(kept, 'ann', nothing)
  await before.identities.link(without, 'bo', nothing)
  await before.identities.note(kept, { ...record, tokens }, { into: [], outOf: [] })
  await before.identities.note(without, { ...record, tokens: null }, { into: [], outOf: [] })

  assert.equal(await renewSealed(pool, keyRing(SECOND, FIRST)), 4)
  assert.equal(await renewSealed(pool, keyRing(SECOND, FIRST)), 0)
  const afterwards = under(keyRing(SECOND))
  assert.equal(await afterwards.providers.secret(poolId, 'Corp'), 'shared')
  assert.equal(await afterwards.providers.secret(poolId, 'None'), null)
  assert.deepEqual(await afterwards.identities.record(kept), { ...record, tokens })
  assert.deepEqual(await afterwards.identities.record(without), { ...record, tokens: null })
})
