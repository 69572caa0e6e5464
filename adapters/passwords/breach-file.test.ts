import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { aFileOf, breachLines } from '#tests/support/breach-sources.ts'
import { BreachFileRefused, openBreachFile } from './breach-file.ts'
import { sha1Hex } from './sha1.ts'

const open = (t: TestContext, content: string) => {
  const file = openBreachFile(aFileOf(t, content))
  t.after(() => file.close())
  return file
}

const leaksOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`leaked ${n}`, 1 + ((n * 7919) % 1_000_000)]))

/** Lines whose hashes begin with all the same characters: as uneven as hashes can be. */
const crowd = (prefix: string, count: number): string[] =>
  Array.from(
    { length: count },
    (_, n) =>
      `${prefix}${n
        .toString(16)
        .toUpperCase()
        .padStart(40 - prefix.length, '0')}:9`,
  )

describe('a file of leaked hashes', () => {
  const leaks = leaksOf(30_000)
  const lines = breachLines(leaks)
  const writings: Record<string, string> = {
    'ends of lines as in the download': `${lines.join('\r\n')}\r\n`,
    'line feeds alone': `${lines.join('\n')}\n`,
    'no end of the last line': lines.join('\r\n'),
    'lower-case hashes': `${lines.join('\n').toLowerCase()}\n`,
  }

  for (const [writing, content] of Object.entries(writings)) {
    it(`gives every password its count: ${writing}`, async (t) => {
      const file = open(t, content)
      for (const [password, count] of Object.entries(leaks).filter((_, at) => at % 29 === 0))
        assert.deepEqual(await file.find(password), { source: 'file', count })
      for (let n = 0; n < 300; n++) assert.equal(await file.find(`not leaked ${n}`), null)
    })
  }

  it('gives the first, the last and the only one', async (t) => {
    const file = open(t, writings['ends of lines as in the download'] ?? '')
    const sorted = Object.keys(leaks).sort((a, b) => (sha1Hex(a) < sha1Hex(b) ? -1 : 1))
    for (const password of [sorted[0] ?? '', sorted.at(-1) ?? ''])
      assert.deepEqual(await file.find(password), { source: 'file', count: leaks[password] })
    const single = open(t, breachLines({ alone: 4 }).join(''))
    assert.deepEqual(await single.find('alone'), { source: 'file', count: 4 })
    assert.equal(await single.find('another'), null)
  })

  it('is asked for three reads at most where hashes are spread evenly', async (t) => {
    const file = open(t, writings['ends of lines as in the download'] ?? '')
    for (let n = 0; n < 500; n++) {
      const before = file.reads()
      await file.find(`leaked ${n * 50}`)
      assert.ok(file.reads() - before <= 3, `${file.reads() - before} reads`)
    }
  })

  it('is searched in few reads however unevenly they lie', async (t) => {
    const target = 'leaked 1'
    const hash = sha1Hex(target)
    const around = [...crowd('0', 20_000), ...crowd(hash.slice(0, 12), 20_000), ...crowd('F', 20_000)]
    const file = open(t, [...around, `${hash}:5`].sort().join('\n'))
    assert.deepEqual(await file.find(target), { source: 'file', count: 5 })
    // 2.6 MB are 330 blocks: a binary search needs nine reads.
    assert.ok(file.reads() <= 4 + 2 * 9, `${file.reads()} reads`)
  })
})

describe('a file of another form', () => {
  const good = breachLines(leaksOf(3000))
  const swapped = [...good.slice(0, 1500), ...good.slice(1501, 1520), good[1500], ...good.slice(1520)]
  const unfit: Record<string, [string, RegExp]> = {
    'an empty one': ['', /no lines/],
    text: ['user@example.com:letmein\n'.repeat(500), /not SHA1:COUNT/],
    'hashes without counts': [good.map((line) => line.slice(0, 40)).join('\n'), /not SHA1:COUNT/],
    'hashes of another kind': [good.map((line) => line.slice(8)).join('\n'), /not SHA1:COUNT/],
    'sorted by count': [
      good.toSorted((a, b) => Number(b.split(':')[1]) - Number(a.split(':')[1])).join('\n'),
      /not sorted/,
    ],
    'one line out of place': [swapped.join('\n'), /not sorted/],
    'one hash twice': [[good[0], ...good].join('\n'), /not sorted/],
    'two files one after the other': [[...good, ...good].join('\n'), /not sorted/],
    'upper and lower case mixed': [
      good.map((line, at) => (at % 2 ? line : line.toLowerCase())).join('\n'),
      /not SHA1:COUNT/,
    ],
    'one endless line': ['A'.repeat(50_000), /not SHA1:COUNT|no lines/],
    'a broken end': [`${good.join('\n')}\n${'0'.repeat(20)}`, /not SHA1:COUNT/],
  }
  for (const [what, [content, reason]] of Object.entries(unfit)) {
    it(`is refused when it is opened: ${what}`, (t) => {
      const path = aFileOf(t, content)
      assert.throws(
        () => openBreachFile(path),
        (error) =>
          error instanceof BreachFileRefused &&
          reason.test(error.message) &&
          !/letmein|[0-9A-F]{8}/.test(error.message),
      )
    })
  }
  it('is refused when it is none', (t) => {
    assert.throws(() => openBreachFile('/nowhere/hashes.txt'), /cannot be read \(ENOENT\)/)
    const path = aFileOf(t, '')
    assert.throws(() => openBreachFile(path.slice(0, path.lastIndexOf('/'))), /is not a file/)
  })
})
