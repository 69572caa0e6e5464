import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { noBadNetworks, readBadNetworksFile } from './bad-networks-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'portico-networks-'))
after(() => rmSync(folder, { recursive: true }))

describe('a list of bad networks', () => {
  it('that is not there is not read as an empty one', () => {
    assert.throws(() => readBadNetworksFile(join(folder, 'none.txt')), /ENOENT/)
  })
  it('keeps what can be read and says which lines cannot', () => {
    const file = join(folder, 'list.txt')
    writeFileSync(file, '; drop list\n192.0.2.0/24 ; SBL1\nnonsense\n2001:db8::/32\n')
    const list = readBadNetworksFile(file)
    assert.deepEqual([list.size, list.unreadableLines], [2, [3]])
    for (const ip of ['192.0.2.9', '::ffff:192.0.2.9', '2001:db8::9']) assert.equal(list.has(ip), true, ip)
    for (const ip of ['192.0.3.9', null, '', 'nonsense']) assert.equal(list.has(ip), false, String(ip))
  })
  it('may be none', () => assert.equal(noBadNetworks.has('192.0.2.9'), false))
})
