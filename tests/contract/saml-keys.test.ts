import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '#adapters/clock/system-clock.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { pgPairwiseSecrets, pgSamlKeys } from '#adapters/postgres/pg-saml-keys.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import { selfSignedCertificates } from '#adapters/saml/self-signed-certificate.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { PairwiseSecrets, SamlKeys } from '#core/keys/index.ts'
import { renewSealed } from '#server/secret.ts'
import { aPoolId } from '#tests/support/builders.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { memoryPairwiseSecrets, memorySamlKeys } from '#tests/support/memory/saml-keys.ts'

interface Keys {
  keys: SamlKeys
  names: PairwiseSecrets
  close(): Promise<void>
}

const [FIRST, SECOND] = ['a'.repeat(43), 'b'.repeat(43)]

const database = async () => {
  const { connectionString, drop } = await freshDatabase()
  const opened = openDatabase({ connectionString, maxConnections: 10, onError: () => {} })
  return {
    opened,
    async close() {
      await opened.close()
      await drop()
    },
  }
}

const over = (opened: ReturnType<typeof openDatabase>, secrets = keyRing(FIRST)) => ({
  keys: pgSamlKeys(opened, { secrets, maker: selfSignedCertificates, clock: systemClock }),
  names: pgPairwiseSecrets(opened, { secrets, random: systemRandom, clock: systemClock }),
})

const inMemory = async (): Promise<Keys> => ({
  keys: memorySamlKeys(),
  names: memoryPairwiseSecrets(),
  close: async () => {},
})

const inPostgres = async (): Promise<Keys> => {
  const { opened, close } = await database()
  return { ...over(opened), close }
}

for (const [where, open] of [
  ['memory', inMemory],
  ['PostgreSQL', inPostgres],
] as const)
  describe(`keys for SAML, in ${where}`, () => {
    let stores: Keys
    before(async () => {
      stores = await open()
    })
    after(() => stores.close())

    it('are made once for each pool and use, however many ask at once', async () => {
      const poolId = aPoolId()
      const made = await Promise.all(Array.from({ length: 4 }, () => stores.keys.of(poolId, 'idp')))
      assert.equal(new Set(made.map(({ certificate }) => certificate)).size, 1)
      assert.equal(new Set(made.map(({ privateKey }) => privateKey)).size, 1)
      assert.deepEqual(await stores.keys.of(poolId, 'idp'), made[0])
      assert.notDeepEqual(await stores.keys.of(poolId, 'sp'), made[0])
      assert.notDeepEqual(await stores.keys.of(aPoolId(), 'idp'), made[0])
    })

    it('fit their certificates and are of 2048 bits at least', async () => {
      const { privateKey, certificate } = await stores.keys.of(aPoolId(), 'idp')
      const read = new X509Certificate(certificate)
      assert.ok(read.checkPrivateKey(createPrivateKey(privateKey)))
      assert.ok((read.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048)
    })

    it('and what names are derived from stays the same, of any number that ask', async () => {
      const poolId = aPoolId()
      const made = await Promise.all(Array.from({ length: 10 }, () => stores.names.of(poolId)))
      assert.equal(new Set(made).size, 1)
      assert.equal(Buffer.from(made[0] ?? '', 'base64url').length, 32)
      assert.notEqual(await stores.names.of(aPoolId()), made[0])
    })
  })

describe('keys for SAML at rest', () => {
  it('are sealed, and outlive a change of the master secret', async (t) => {
    const { opened, close } = await database()
    t.after(close)
    const poolId = aPoolId()
    const before = over(opened)
    const [key, secret] = [await before.keys.of(poolId, 'idp'), await before.names.of(poolId)]
    const { rows } = await opened.pool.query('SELECT * FROM saml_key k JOIN pairwise_secret USING (pool_id)')
    assert.ok(!JSON.stringify(rows).includes('PRIVATE') && !JSON.stringify(rows).includes(secret))
    await renewSealed(opened.pool, keyRing(SECOND, FIRST))
    const afterwards = over(opened, keyRing(SECOND))
    assert.deepEqual(await afterwards.keys.of(poolId, 'idp'), key)
    assert.equal(await afterwards.names.of(poolId), secret)
  })
})
