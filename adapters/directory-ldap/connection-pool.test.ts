import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectionPool } from './connection-pool.ts'
import { DirectoryFault } from './directory-fault.ts'

const never = new AbortController().signal

const setup = ({ size = 1, keepMs = 60_000 } = {}) => {
  const made: { number: number; isOpen: boolean; isUsable(): boolean; close(): void }[] = []
  const open = async () => {
    const connection = {
      number: made.length + 1,
      isOpen: true,
      isUsable: () => connection.isOpen,
      close: () => {
        connection.isOpen = false
      },
    }
    made.push(connection)
    return connection
  }
  return { pool: connectionPool(open, { size, keepMs }), made }
}
const numberOf = async ({ number }: { number: number }) => number

describe('connections that are kept', () => {
  it('serve one piece of work after the other', async () => {
    const { pool } = setup()
    assert.deepEqual([await pool.use(never, numberOf), await pool.use(never, numberOf)], [1, 1])
  })

  it('are not kept where every piece of work has its own', async () => {
    const { pool, made } = setup({ keepMs: 0 })
    assert.deepEqual([await pool.use(never, numberOf), await pool.use(never, numberOf)], [1, 2])
    assert.ok(made.every(({ isOpen }) => !isOpen))
  })

  it('serve nobody once work on them has failed, or they have ended', async () => {
    const { pool, made } = setup()
    await assert.rejects(
      pool.use(never, () => Promise.reject(new Error('broken'))),
      /broken/,
    )
    assert.equal(await pool.use(never, numberOf), 2)
    made[1]?.close()
    assert.equal(await pool.use(never, numberOf), 3)
  })

  it('that turn out to be gone are replaced once, and new ones are not', async () => {
    const { pool, made } = setup()
    let tries = 0
    const lost = async () => {
      tries += 1
      throw new DirectoryFault('connection-lost')
    }
    await assert.rejects(pool.use(never, lost), DirectoryFault)
    assert.equal(tries, 1)
    await pool.use(never, numberOf)
    await assert.rejects(pool.use(never, lost), DirectoryFault)
    assert.deepEqual([tries, made.length], [3, 3])
  })

  it('are waited for in order, and in vain no longer than the signal says', async () => {
    const { pool } = setup()
    const order: string[] = []
    const finish = Promise.withResolvers<void>()
    const first = pool.use(never, () => finish.promise)
    const impatient = new AbortController()
    const second = pool.use(impatient.signal, async () => order.push('second'))
    const third = pool.use(never, async () => order.push('third'))
    impatient.abort()
    await assert.rejects(second, (error: DirectoryFault) => error.refusal === 'too-slow')
    finish.resolve()
    await Promise.all([first, third])
    assert.deepEqual(order, ['third'])
  })

  it('end when the pool is closed, those in use after their work', async () => {
    const { pool, made } = setup({ size: 2 })
    const finish = Promise.withResolvers<void>()
    await pool.use(never, numberOf)
    const work = pool.use(never, () => finish.promise)
    await pool.use(never, numberOf)
    pool.close()
    finish.resolve()
    await work
    assert.ok(made.every(({ isOpen }) => !isOpen))
  })
})
