import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { argon2Hasher } from '#adapters/hash/argon2-hasher.ts'
import { isOverloaded } from '#core/shared/overloaded.ts'
import type { PasswordHasher } from '#core/users/ports.ts'
import { plainHasher } from '#tests/support/memory/hasher.ts'

// Small parameters: what is tested is the promise, not the cost.
const QUICK = { memoryCost: 64, timeCost: 1, concurrency: 2, maxWaiting: 50 }

const hashers: Record<string, { today: PasswordHasher; tomorrow: PasswordHasher }> = {
  'in memory': { today: plainHasher(), tomorrow: plainHasher({ version: 2 }) },
  argon2id: { today: argon2Hasher(QUICK), tomorrow: argon2Hasher({ ...QUICK, timeCost: 2 }) },
}

for (const [name, { today, tomorrow }] of Object.entries(hashers)) {
  describe(`password hashing, ${name}`, () => {
    it('refuses another password, one that differs in case or blanks, and no password', async () => {
      const hash = await today.hash('a walk in the rain')
      for (const wrong of ['A walk in the rain', 'a walk in the rain ', '', 'a walk'])
        assert.equal(await today.verify(wrong, hash), false)
    })
    it('refuses everything where there is no hash', async () => {
      for (const guess of ['', 'anything', 'x'.repeat(2048)]) assert.equal(await today.verify(guess, null), false)
    })
    it('accepts the password it hashed, to the last byte', async () => {
      for (const password of ['a walk in the rain', 'pä ß 😀', 'x'.repeat(1024), ' ']) {
        assert.equal(await today.verify(password, await today.hash(password)), true)
      }
      const long = await today.hash(`${'x'.repeat(1023)}a`)
      assert.equal(await today.verify(`${'x'.repeat(1023)}b`, long), false)
    })
    it('never makes the same hash twice, and never keeps the password in it', async () => {
      const hashes = await Promise.all([today.hash('a walk in the rain'), today.hash('a walk in the rain')])
      assert.equal(new Set(hashes).size, 2)
    })
    it('verifies what was hashed under other parameters, and says that they are outdated', async () => {
      const hash = await today.hash('a walk in the rain')
      assert.equal(await tomorrow.verify('a walk in the rain', hash), true)
      assert.equal(tomorrow.isOutdated(hash), true)
      assert.equal(today.isOutdated(hash), false)
    })
  })
}

describe('argon2id', () => {
  it('stores PHC strings with the parameters in them, OWASP’s by default', async () => {
    assert.match(
      await argon2Hasher().hash('a walk in the rain'),
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/,
    )
  })
  it('spends on nobody what it spends on someone: one turn in the queue', async () => {
    const hasher = argon2Hasher({ ...QUICK, concurrency: 1 })
    const [known, unknown] = [await hasher.hash('x'), null]
    for (const stored of [known, unknown]) {
      const first = hasher.verify('guess', stored)
      const second = hasher.verify('guess', stored)
      assert.deepEqual(hasher.depth(), { running: 1, waiting: 1 })
      await Promise.all([first, second])
    }
  })
  it('refuses more than may wait instead of eating the memory, and recovers', async () => {
    const hasher = argon2Hasher({ ...QUICK, concurrency: 1, maxWaiting: 2 })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => hasher.hash('x')))
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    assert.equal(refused.length, 7)
    assert.ok(refused.every((outcome) => isOverloaded(outcome.reason)))
    assert.ok(await hasher.hash('x'))
  })
  it('says aloud when a stored hash is none of its own', async () => {
    await assert.rejects(argon2Hasher(QUICK).verify('x', 'not a hash'))
  })
})
