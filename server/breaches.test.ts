import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '#adapters/clock/system-clock.ts'
import { aFileOf, aRangeServer, breachLines } from '#tests/support/breach-sources.ts'
import { breaches, checkBreachFile } from './breaches.ts'
import { ConfigError, EXIT_CONFIG } from './config.ts'

const parts = (config: { BREACH_FILE?: string; BREACH_RANGE_URL?: string }) => {
  const said: string[] = []
  const counted: string[] = []
  return {
    said,
    counted,
    open: () =>
      breaches({
        config: { BREACH_FILE: undefined, BREACH_RANGE_URL: undefined, mode: 'production', ...config },
        common: { load: async () => new Set(['qwerty']) },
        clock: systemClock,
        warn: (line, because) => said.push(`${line}: ${because}`),
        onLookUp: (source, outcome) => counted.push(`${source} ${outcome}`),
      }),
  }
}

describe('where a deployment looks passwords up', () => {
  it('is the shipped list, without a setting', async () => {
    const { open, counted } = parts({})
    const leaked = open()
    assert.deepEqual(await leaked.find('Qwerty'), { source: 'list', count: null })
    assert.equal(await leaked.find('a walk in the rain'), null)
    assert.deepEqual(counted, ['list found', 'list clean'])
  })

  it('is the list, then the file, then the service: what is known here is asked for nowhere', async (t) => {
    const BREACH_FILE = aFileOf(t, `${breachLines({ 'in the file': 2, filler: 1 }).join('\r\n')}\r\n`)
    const server = await aRangeServer(t, { 'at the service': 5 })
    const { open, counted } = parts({ BREACH_FILE, BREACH_RANGE_URL: server.url })
    const leaked = open()
    t.after(() => leaked.close())
    assert.equal((await leaked.find('qwerty')) !== null, true)
    assert.deepEqual(await leaked.find('in the file'), { source: 'file', count: 2 })
    assert.equal(server.requests.length, 0)
    assert.deepEqual(await leaked.find('at the service'), { source: 'range', count: 5 })
    assert.deepEqual(counted.slice(-3), ['list clean', 'file clean', 'range found'])
  })

  it('warns once when the service is given up, without a word of what was asked', async (t) => {
    const server = await aRangeServer(t, {})
    server.answerWith((res) => void res.writeHead(503).end())
    const { open, said } = parts({ BREACH_RANGE_URL: server.url })
    const leaked = open()
    for (let n = 0; n < 6; n++) assert.equal(await leaked.find(`password ${n}`), 'unavailable')
    assert.deepEqual(said, ['the breach range service is left alone for a while: answered 503'])
  })

  it('cannot be a file of another form: the start is refused, by the name of the setting', (t) => {
    assert.equal(EXIT_CONFIG, 78)
    for (const BREACH_FILE of ['/nowhere/hashes.txt', aFileOf(t, 'user@example.com:letmein\n'.repeat(50))]) {
      for (const open of [parts({ BREACH_FILE }).open, () => checkBreachFile({ BREACH_FILE })])
        assert.throws(open, (error) => {
          assert.ok(error instanceof ConfigError)
          assert.match(error.message, /- BREACH_FILE: /)
          assert.doesNotMatch(error.message, /letmein/)
          return true
        })
    }
  })
})
