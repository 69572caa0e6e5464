import assert from 'node:assert/strict'
import { it } from 'node:test'
import { aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore } from '#tests/support/journey-stores.ts'

const three = { limit: 3, windowSeconds: 60 }

inEveryJourneyStore('budgets', (stores) => {
  const takeAt =
    (poolId: string) =>
    (seconds: number, subject = 'ann', name = 'sign-in') =>
      stores().budgets.take(poolId, name, subject, three, secondsLater(seconds))

  it('allow so many, and are spent with the next', async () => {
    const take = takeAt(aPoolId())
    for (const taken of [1, 2, 3]) assert.deepEqual(await take(0), { isSpent: false, taken, retryAfterSeconds: 60 })
    assert.deepEqual(await take(20), { isSpent: true, taken: 4, retryAfterSeconds: 40 })
  })

  it('start anew when the window of the first is over, and not before', async () => {
    const take = takeAt(aPoolId())
    for (const _ of [1, 2, 3, 4]) await take(0)
    assert.deepEqual(await take(59.999), { isSpent: true, taken: 5, retryAfterSeconds: 1 })
    assert.deepEqual(await take(60), { isSpent: false, taken: 1, retryAfterSeconds: 60 })
  })

  it('do not grow their window with every try, so that nobody can keep somebody else out for ever', async () => {
    const take = takeAt(aPoolId())
    for (let second = 0; second < 60; second += 5) await take(second)
    assert.equal((await take(60)).isSpent, false)
  })

  it('are forgotten after a success, and only that one', async () => {
    const { budgets } = stores()
    const poolId = aPoolId()
    for (const _ of [1, 2, 3]) await takeAt(poolId)(0)
    await takeAt(poolId)(0, 'bo')
    await budgets.clear(poolId, 'sign-in', 'ann')
    assert.equal((await takeAt(poolId)(0)).taken, 1)
    assert.equal((await takeAt(poolId)(0, 'bo')).taken, 2)
  })

  it('count every name and subject for itself', async () => {
    const poolId = aPoolId()
    await takeAt(poolId)(0, 'ann', 'sign-in')
    assert.equal((await takeAt(poolId)(0, 'bo', 'sign-in')).taken, 1)
    assert.equal((await takeAt(poolId)(0, 'ann', 'code')).taken, 1)
  })

  it('keep pools apart', async () => {
    const [here, there] = [aPoolId(), aPoolId()]
    for (const _ of [1, 2, 3, 4]) await takeAt(here)(0)
    assert.equal((await takeAt(there)(0)).taken, 1)
  })

  it('let exactly the limit through of fifty at once', async () => {
    const take = takeAt(aPoolId())
    const answers = await Promise.all(Array.from({ length: 50 }, () => take(0)))
    assert.equal(answers.filter(({ isSpent }) => !isSpent).length, 3)
    assert.deepEqual(
      answers.map(({ taken }) => taken).toSorted((a, b) => a - b),
      Array.from({ length: 50 }, (_, n) => n + 1),
    )
  })

  it('rest without a name or an address in clear', async () => {
    await stores().budgets.take(aPoolId(), 'sign-in.private', 'private@example.com', three, NOON)
    assert.doesNotMatch(await stores().atRest(), /private/)
  })
})
