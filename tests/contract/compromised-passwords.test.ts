import assert from 'node:assert/strict'
import { truncateSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { openBreachFile } from '#adapters/passwords/breach-file.ts'
import { breachRange } from '#adapters/passwords/breach-range.ts'
import { type CompromisedPasswords, listedPasswords } from '#core/passwords/index.ts'
import { aFileOf, aRangeServer, breachLines, type Leaks } from '#tests/support/breach-sources.ts'
import { memoryBreaches } from '#tests/support/memory/breaches.ts'

interface Source {
  passwords: CompromisedPasswords
  /** From now on the source cannot tell; absent where that cannot happen. */
  breakIt?: () => void
}

const sources: Record<string, (t: TestContext, leaks: Leaks) => Promise<Source>> = {
  memory: async (_t, leaks) => {
    const passwords = memoryBreaches()
    for (const [password, count] of Object.entries(leaks)) passwords.leak(password, { count })
    return { passwords, breakIt: () => passwords.setAvailable(false) }
  },
  'the shipped list': async (_t, leaks) => ({
    passwords: listedPasswords({ load: async () => new Set(Object.keys(leaks)) }),
  }),
  'a file': async (t, leaks) => {
    const path = aFileOf(t, `${breachLines(leaks).join('\r\n')}\r\n`)
    const passwords = openBreachFile(path)
    t.after(() => passwords.close())
    return { passwords, breakIt: () => truncateSync(path, 10) }
  },
  'a range service': async (t, leaks) => {
    const server = await aRangeServer(t, leaks)
    const clock = { now: () => new Date('2030-01-01T12:00:00Z') }
    const passwords = breachRange({ baseUrl: server.url, production: true, clock })
    return { passwords, breakIt: () => server.answerWith((res) => void res.writeHead(503).end()) }
  },
}

const LEAKS: Leaks = {
  password: 10_434_004,
  'a walk in the rain': 3,
  'au café du coin': 1,
  'пароль и ещё немного': 12,
  ['😀'.repeat(256)]: 2,
  ' blanks at both ends ': 5,
}

for (const [name, open] of Object.entries(sources)) {
  describe(`looking compromised passwords up in ${name}`, () => {
    it('finds each that leaked, and says where', async (t) => {
      const { passwords } = await open(t, LEAKS)
      for (const [password, count] of Object.entries(LEAKS)) {
        const found = await passwords.find(password)
        assert.ok(found !== null && found !== 'unavailable', password)
        if (found.count !== null) assert.equal(found.count, count)
      }
    })

    it('finds none that did not, be it one blank away', async (t) => {
      const { passwords } = await open(t, LEAKS)
      for (const password of ['', 'a walk in the rain ', 'au cafe du coin', 'x'.repeat(1024), 'vT7#qzR!m2Lk9wPx'])
        assert.equal(await passwords.find(password), null, password)
    })

    it('answers many at once, each its own', async (t) => {
      const { passwords } = await open(t, LEAKS)
      const asked = Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? 'password' : `not leaked ${at}`))
      const answers = await Promise.all(asked.map((password) => passwords.find(password)))
      assert.deepEqual(
        answers.map((answer) => answer !== null),
        asked.map((password) => password === 'password'),
      )
    })

    it('says that it cannot tell instead of failing', async (t) => {
      const { passwords, breakIt } = await open(t, LEAKS)
      if (breakIt === undefined) return
      breakIt()
      assert.equal(await passwords.find('never asked before'), 'unavailable')
    })
  })
}
