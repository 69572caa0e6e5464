import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import { newRecoveryCodes, readRecoveryCode, recoveryCodeHash } from './recovery-codes.ts'

const hashes = { of: (purpose: string, value: string) => `${purpose}:${value}`, everyOf: () => [], equal: () => false }

describe('recovery codes', () => {
  it('are ten, all different, without signs that look alike', () => {
    const codes = newRecoveryCodes(systemRandom)
    assert.equal(new Set(codes).size, 10)
    for (const code of codes) assert.match(code, /^[2-9A-HJKMNP-TV-Z]{5}-[2-9A-HJKMNP-TV-Z]{5}$/)
  })

  it('are read whatever their case, dashes and spaces', () => {
    for (const typed of ['7KQ2M-XR4TD', '7kq2mxr4td', ' 7kq2m – xr4td ', '7KQ2M XR4TD', '７ＫＱ２ＭＸＲ４ＴＤ'])
      assert.equal(readRecoveryCode(typed), '7KQ2MXR4TD', typed)
  })

  it('are nothing else', () => {
    for (const typed of ['', '7KQ2M', '7KQ2M-XR4TDA', '7KQ2M-XR4T0', 'x'.repeat(10_000), '7KQ2M-XR4T!'])
      assert.equal(readRecoveryCode(typed), null, typed.slice(0, 20))
  })

  it('rest bound to their person', () => {
    assert.notEqual(recoveryCodeHash(hashes, 'pool', 'ann', 'X'), recoveryCodeHash(hashes, 'pool', 'bo', 'X'))
  })
})
