import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import { authenticatorApps } from './authenticator-apps.ts'

// RFC 6238 Appendix B: the SHA-1 secret "12345678901234567890", of whose eight digits the last six are ours.
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const apps = authenticatorApps(systemRandom)

describe('authenticator apps', () => {
  it('show the codes of RFC 6238 Appendix B', () => {
    for (const [seconds, code] of [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_111_111_111, '050471'],
      [1_234_567_890, '005924'],
      [2_000_000_000, '279037'],
      [20_000_000_000, '353130'],
    ] as const)
      assert.equal(apps.codeAt(RFC_SECRET, Math.floor(seconds / 30)), code)
  })

  it('get secrets of 160 bits, each its own', () => {
    const secrets = new Set(Array.from({ length: 100 }, () => apps.newSecret()))
    assert.equal(secrets.size, 100)
    for (const secret of secrets) assert.match(secret, /^[A-Z2-7]{32}$/)
  })

  it('read issuer, account and secret from the address, whatever signs are in the names', () => {
    const { uri } = apps.present(RFC_SECRET, 'Fjord: Books & Söhne', 'ann+a@fjord.example')
    const read = new URL(uri)
    assert.equal(read.protocol, 'otpauth:')
    assert.equal(read.searchParams.get('secret'), RFC_SECRET)
    assert.equal(read.searchParams.get('issuer'), 'Fjord  Books & Söhne')
    assert.ok(decodeURIComponent(read.pathname).endsWith(':ann+a@fjord.example'))
  })

  it('get a picture with a quiet zone of four modules', () => {
    const { qr } = apps.present(RFC_SECRET, 'Fjord Books', 'ann@fjord.example')
    assert.ok(qr.size >= 21 + 8)
    const starts = [...qr.path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) => [
      Number(x),
      Number(y),
      Number(width),
    ])
    assert.ok(starts.length > 100)
    for (const [x = 0, y = 0, width = 0] of starts) {
      assert.ok(x >= 4 && y >= 4 && x + width <= qr.size - 4 && y < qr.size - 4)
    }
  })
})
