import assert from 'node:assert/strict'
import { it } from 'node:test'
import { aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { anIdentity } from '#tests/support/fake-upstream.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const kept = (subject = '4711') => ({
  provider: 'Corporate',
  identity: anIdentity({ subject }),
  expiresAt: secondsLater(60),
})

inEveryStore('identities that nobody asked for', (stores) => {
  it('are taken as they were kept, and once', async () => {
    const { unsolicited } = stores()
    const poolId = aPoolId()
    await unsolicited.keep(poolId, 'one', kept())
    assert.deepEqual(await unsolicited.take(poolId, 'one', NOON), { provider: 'Corporate', identity: anIdentity() })
    assert.equal(await unsolicited.take(poolId, 'one', NOON), null)
  })

  it('are nobody’s in another pool, under another id, and once they have expired', async () => {
    const { unsolicited } = stores()
    const [here, there] = [aPoolId(), aPoolId()]
    await unsolicited.keep(here, 'one', kept('here'))
    await unsolicited.keep(there, 'one', kept('there'))
    assert.equal(await unsolicited.take(here, 'two', NOON), null)
    assert.equal((await unsolicited.take(there, 'one', NOON))?.identity.subject, 'there')
    assert.equal(await unsolicited.take(here, 'one', secondsLater(60)), null)
  })

  it('go to one of fifty that come at once', async () => {
    const { unsolicited } = stores()
    const poolId = aPoolId()
    for (let round = 0; round < 5; round++) {
      await unsolicited.keep(poolId, `round ${round}`, kept())
      const taken = await Promise.all(
        Array.from({ length: 50 }, () => unsolicited.take(poolId, `round ${round}`, NOON)),
      )
      assert.equal(taken.filter((one) => one !== null).length, 1)
    }
  })

  it('open in no other row', async () => {
    const { unsolicited, meddle } = stores()
    const poolId = aPoolId()
    await unsolicited.keep(poolId, 'mine', kept('mine'))
    await unsolicited.keep(poolId, 'theirs', kept('theirs'))
    const isDatabase = await meddle(
      `UPDATE unsolicited_identity SET identity_sealed =
         (SELECT identity_sealed FROM unsolicited_identity WHERE pool_id = $1 AND id = 'theirs')
       WHERE pool_id = $1 AND id = 'mine'`,
      [poolId],
    )
    if (isDatabase) await assert.rejects(unsolicited.take(poolId, 'mine', NOON))
  })
})
