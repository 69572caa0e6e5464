/** A directory that hangs, lies, or sends too much signs nobody in, and takes nobody's time or memory for longer than it may. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bindAnswer, entryAnswer, moreByCookie, reference, searchDone } from '#tests/support/ldap/answers.ts'
import { ANN, ANN_NAME, type Answers, type Request } from '#tests/support/ldap/lying-directory.ts'
import { outcomeOf } from '#tests/support/ldap/providers.ts'
import { STAFF } from '#tests/support/ldap/staff.ts'
import { directoryWith, isPerson, providerOf, silent } from '#tests/support/ldap/trial.ts'

describe('a directory that answers badly', () => {
  const takingService =
    (answer: NonNullable<Answers['bind']>): Answers['bind'] =>
    (request) =>
      isPerson(request) ? answer(request) : [bindAnswer(request.id)]

  for (const [how, answers, expected] of [
    ['hangs at the bind of the service account', { bind: silent }, 'upstream-slow: too-slow'],
    ['hangs at the search', { search: silent }, 'upstream-slow: too-slow'],
    ['hangs at the bind of the person', { bind: takingService(silent) }, 'upstream-slow: too-slow'],
    ['hangs up at the search', { search: () => 'end' }, 'upstream-unreachable: connection-lost'],
    ['hangs up at the bind', { bind: takingService(() => 'end') }, 'upstream-unreachable: connection-lost'],
    [
      'speaks another protocol',
      { bind: () => [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')] },
      'upstream-invalid: answer-malformed',
    ],
    [
      'lies about a length, for ever',
      { search: () => [Buffer.from('300d020102640804003084 7fffffff'.replace(' ', ''), 'hex')] },
      'upstream-invalid: answer-malformed',
    ],
    [
      'announces more than anybody would read',
      { search: () => [Buffer.from('30847fffffff', 'hex')] },
      'upstream-invalid: answer-too-large',
    ],
    [
      'sends thousands of answers at once',
      { bind: ({ id }: Request) => [Buffer.concat([...Array(9000).fill(searchDone(99)), bindAnswer(id, 49)])] },
      'upstream-unreachable: service-refused',
    ],
    [
      'sends entries without end',
      { search: ({ id }: Request) => Array(60).fill(entryAnswer(id, ANN_NAME, { mail: ['x'.repeat(100_000)] })) },
      'upstream-invalid: answer-too-large',
    ],
    [
      'answers a search as if it were a bind',
      { search: ({ id }: Request) => [bindAnswer(id)] },
      'upstream-invalid: answer-malformed',
    ],
    [
      'refers to another server',
      { search: ({ id }: Request) => [reference(id, 'ldap://evil.example/'), searchDone(id)] },
      'wrong-credentials: entry-missing',
    ],
    [
      'refers to another server as a result',
      { search: ({ id }: Request) => [searchDone(id, 10)] },
      'upstream-invalid: referral',
    ],
    [
      'finds an entry without a name',
      { search: ({ id }: Request) => [entryAnswer(id, '', ANN), searchDone(id)] },
      'upstream-invalid: entry-unnamed',
    ],
    [
      'finds an entry with the name of a mechanism',
      { search: ({ id }: Request) => [entryAnswer(id, 'EXTERNAL', ANN), searchDone(id)] },
      'upstream-invalid: entry-unnamed',
    ],
    [
      'finds two entries',
      {
        search: ({ id }: Request) =>
          [ANN_NAME, 'cn=b'].map((name) => entryAnswer(id, name, ANN)).concat(searchDone(id)),
      },
      'wrong-credentials: several-entries',
    ],
    [
      'finds two entries and stops there',
      {
        search: ({ id }: Request) =>
          [ANN_NAME, 'cn=b'].map((name) => entryAnswer(id, name, ANN)).concat(searchDone(id, 4)),
      },
      'wrong-credentials: several-entries',
    ],
    [
      'lets the service account look nobody up',
      { search: ({ id }: Request) => [searchDone(id, 50)] },
      'upstream-unreachable: service-refused',
    ],
  ] as [string, Answers, string][])
    it(`signs nobody in when it ${how}`, async (t) => {
      const directory = await directoryWith(t, answers)
      const begun = performance.now()
      assert.equal(await outcomeOf(providerOf(t, [directory]).authenticate('ann', 'right')), expected)
      assert.ok(performance.now() - begun < 2500)
    })

  it('is believed no page without end', async (t) => {
    let page = 0
    const directory = await directoryWith(t, {
      search: ({ id, name, filter }) => {
        if (name === STAFF && filter.includes('samaccountname')) return [entryAnswer(id, ANN_NAME, ANN), searchDone(id)]
        page += 1
        const groups = Array.from({ length: 100 }, (_, index) => entryAnswer(id, `cn=g${page}-${index}`, {}))
        return [...groups, searchDone(id, 0, [moreByCookie(`p${page}`)])]
      },
    })
    const provider = providerOf(t, [directory], { groups: { from: 'search', base: STAFF } })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), 'upstream-invalid: values-too-large')
    assert.ok(page <= 11)
  })
})
