import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isOverloaded } from '#core/shared/overloaded.ts'
import { boundedQueue } from './bounded-queue.ts'

const gate = () => {
  let open: () => void = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

describe('a bounded queue', () => {
  const options = { name: 'the work', concurrency: 2, maxWaiting: 3, retryAfterSeconds: 2 }

  it('refuses what would wait beyond its bound, and says when to come back', async () => {
    const queue = boundedQueue(options)
    const { open, passed } = gate()
    const accepted = Array.from({ length: 5 }, () => queue.run(() => passed))
    assert.deepEqual(queue.depth(), { running: 2, waiting: 3 })
    await assert.rejects(
      queue.run(() => passed),
      (error) => isOverloaded(error) && error.retryAfterSeconds === 2,
    )
    open()
    await Promise.all(accepted)
    assert.deepEqual(queue.depth(), { running: 0, waiting: 0 })
  })

  it('never works on more than its share, and serves in order', async () => {
    const queue = boundedQueue(options)
    const finished: number[] = []
    let most = 0
    let now = 0
    await Promise.all(
      [0, 1, 2, 3, 4].map((n) =>
        queue.run(async () => {
          most = Math.max(most, ++now)
          await Promise.resolve()
          now--
          finished.push(n)
        }),
      ),
    )
    assert.equal(most, 2)
    assert.deepEqual(finished, [0, 1, 2, 3, 4])
  })

  it('gives the place back when the work fails', async () => {
    const queue = boundedQueue({ ...options, concurrency: 1 })
    await assert.rejects(
      queue.run(() => Promise.reject(new Error('broken'))),
      /broken/,
    )
    await assert.rejects(
      queue.run(() => {
        throw new Error('at once')
      }),
      /at once/,
    )
    assert.equal(await queue.run(async () => 'fine'), 'fine')
    assert.deepEqual(queue.depth(), { running: 0, waiting: 0 })
  })
})
