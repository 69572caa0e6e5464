import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyRing } from './key-ring.ts'

const ring = keyRing('a'.repeat(43))
const other = keyRing('b'.repeat(43))

describe('a sealed value', () => {
  it('opens for its purpose and its row alone', () => {
    const sealed = ring.seal('totp', 'user:ann', 'secret ‹×›')
    assert.equal(ring.open('totp', 'user:ann', sealed), 'secret ‹×›')
    for (const [purpose, boundTo] of [
      ['totp', 'user:bo'],
      ['flow', 'user:ann'],
      ['totp|user', 'ann'],
      ['totp', ''],
    ] as const)
      assert.throws(() => ring.open(purpose, boundTo, sealed), `${purpose} ${boundTo}`)
  })

  it('never looks the same twice, and tells nothing but its length', () => {
    const sealed = Array.from({ length: 50 }, () => ring.seal('totp', 'user:ann', 'secret'))
    assert.equal(new Set(sealed.map((each) => each.split('.').slice(2).join())).size, 50)
    for (const each of sealed) assert.doesNotMatch(each, /secret/)
  })

  it('does not open once altered, cut, or sealed by somebody else', () => {
    const sealed = ring.seal('totp', 'user:ann', 'secret')
    const parts = sealed.split('.')
    for (let part = 0; part < parts.length; part++) {
      const flipped = [...parts]
      const [head = ''] = flipped[part] ?? ''
      flipped[part] = `${head === 'A' ? 'B' : 'A'}${flipped[part]?.slice(1)}`
      assert.throws(() => ring.open('totp', 'user:ann', flipped.join('.')), `part ${part}`)
      assert.throws(() => ring.open('totp', 'user:ann', parts.toSpliced(part, 1).join('.')), `without part ${part}`)
    }
    // A tag of four bytes can be guessed.
    const [version, id, nonce, body, tag = ''] = parts
    const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url')
    assert.throws(() => ring.open('totp', 'user:ann', [version, id, nonce, body, short].join('.')))
    assert.throws(() => other.open('totp', 'user:ann', sealed))
    for (const nonsense of ['', '.', '....', 'x', '1.2.3.4.5'])
      assert.throws(() => ring.open('totp', 'user:ann', nonsense))
  })

  it('opens over a change of secret while the former one is named, and not after', () => {
    const sealed = ring.seal('totp', 'user:ann', 'secret')
    const during = keyRing('b'.repeat(43), 'a'.repeat(43))
    assert.equal(during.open('totp', 'user:ann', sealed), 'secret')
    assert.equal(other.open('totp', 'user:ann', during.seal('totp', 'user:ann', 'new')), 'new')
    assert.throws(() => ring.open('totp', 'user:ann', during.seal('totp', 'user:ann', 'new')))
    assert.deepEqual([during.isCurrent(sealed), ring.isCurrent(sealed)], [false, true])
  })
})

describe('a keyed hash', () => {
  it('differs by secret, purpose and value, and is the same every time', () => {
    const hashes = [
      ring.of('code', '123456'),
      ring.of('link', '123456'),
      ring.of('code', '123457'),
      other.of('code', '123456'),
    ]
    assert.equal(new Set(hashes).size, 4)
    assert.equal(ring.of('code', '123456'), hashes[0])
    for (const hash of hashes) assert.match(hash, /^[\w-]{43}$/)
  })

  it('is compared whole: no beginning of it, no empty one, no longer one is equal', () => {
    const hash = ring.of('code', '123456')
    assert.equal(ring.equal(hash, ring.of('code', '123456')), true)
    for (const wrong of ['', hash.slice(0, -1), `${hash}x`, hash.toUpperCase(), ring.of('code', '1')])
      assert.equal(ring.equal(hash, wrong), false)
  })
})

describe('a derived key', () => {
  it('is one per use', () => {
    const keys = [ring.derive('cookies'), ring.derive('step-tokens'), other.derive('cookies'), ring.of('cookies', '')]
    assert.equal(new Set(keys).size, 4)
    assert.equal(Buffer.from(keys[0] ?? '', 'base64url').length, 32)
    assert.equal(ring.derive('cookies'), keys[0])
  })
})
