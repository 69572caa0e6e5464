import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { movableClock } from '#tests/support/upstream-client.ts'
import { rememberedDocument } from './remembered-document.ts'

const SECOND = 1000

const setup = () => {
  const clock = movableClock('2030-01-01T00:00:00Z')
  let loads = 0
  let isDown = false
  const load = async (): Promise<Result<number>> => {
    loads += 1
    return isDown ? fail('upstream-unreachable', { because: 'down' }) : ok(loads)
  }
  const document = rememberedDocument({ load, clock, freshMs: 600 * SECOND, keptMs: 3600 * SECOND })
  return {
    clock,
    document,
    loads: () => loads,
    goDown: (down: boolean) => {
      isDown = down
    },
  }
}

describe('a document that is remembered', () => {
  it('is fetched once while it is fresh, and once for all who ask at the same time', async () => {
    const { clock, document, loads } = setup()
    assert.deepEqual(await Promise.all([document.get(), document.get(), document.get()]), [ok(1), ok(1), ok(1)])
    clock.advance(599 * SECOND)
    assert.deepEqual(await document.get(), ok(1))
    clock.advance(SECOND)
    assert.deepEqual(await document.get(), ok(2))
    assert.equal(loads(), 2)
  })

  it('stands in for a source that is away, until it is too old', async () => {
    const { clock, document, goDown } = setup()
    await document.get()
    goDown(true)
    clock.advance(3599 * SECOND)
    assert.deepEqual(await document.get(), ok(1))
    clock.advance(SECOND)
    assert.equal((await document.get()).ok, false)
  })

  it('leaves a source that is away alone for a while', async () => {
    const { clock, document, loads, goDown } = setup()
    goDown(true)
    for (let count = 0; count < 5; count += 1) assert.equal((await document.get()).ok, false)
    assert.equal(loads(), 1)
    goDown(false)
    clock.advance(15 * SECOND)
    assert.deepEqual(await document.get(), ok(2))
  })

  it('is renewed on demand, and not oftener than every 15 seconds', async () => {
    const { clock, document, loads } = setup()
    await document.get()
    assert.deepEqual(await document.renew(), ok(1))
    clock.advance(15 * SECOND)
    assert.deepEqual(await document.renew(), ok(2))
    assert.deepEqual(await document.renew(), ok(2))
    assert.equal(loads(), 2)
  })

  it('keeps the present copy when a renewal fails', async () => {
    const { clock, document, goDown } = setup()
    await document.get()
    goDown(true)
    clock.advance(20 * SECOND)
    assert.deepEqual(await document.renew(), ok(1))
  })
})
