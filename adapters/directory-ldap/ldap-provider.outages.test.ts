/** A directory that is down, slow, or not to be trusted signs nobody in, and takes nobody's time for longer than it may. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { guardedLookup } from '#adapters/guarded-fetch/guarded-lookup.ts'
import { ok } from '#core/shared/result.ts'
import {
  bindAnswer,
  entryAnswer,
  extendedAnswer,
  moreByCookie,
  reference,
  searchDone,
} from '#tests/support/ldap/answers.ts'
import {
  ANN,
  ANN_NAME,
  ANN_SUBJECT,
  type Answers,
  type LyingDirectory,
  type Request,
  startLyingDirectory,
} from '#tests/support/ldap/lying-directory.ts'
import { ldapSettings, outcomeOf, providerFor } from '#tests/support/ldap/providers.ts'
import { READER, STAFF } from '#tests/support/ldap/staff.ts'
import { makeCertificate, type TlsFiles } from '#tests/support/tls-authority.ts'

let folder: string
let tls: TlsFiles
let authority: string
const open: LyingDirectory[] = []
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-directory-'))
  tls = await makeCertificate(folder, ['localhost'])
  authority = await import('node:fs/promises').then(({ readFile }) => readFile(tls.authorityFile, 'utf8'))
})
after(async () => {
  for (const directory of open) await directory.close()
  await rm(folder, { recursive: true })
})

const directoryWith = async (answers: Answers = {}, files?: TlsFiles): Promise<LyingDirectory> => {
  const directory = await startLyingDirectory(answers, files)
  open.push(directory)
  return directory
}
const providerOf = (
  t: TestContext,
  directories: readonly LyingDirectory[],
  change: object = {},
  parts: object = {},
) => {
  const servers = directories.map(({ address }) => address)
  const isPlain = servers.every((address) => address.startsWith('ldap:'))
  const settings = { servers, allowPlainLoopback: isPlain, timeoutMs: 1200, serverTimeoutMs: 300, ...change }
  const provider = providerFor(ldapSettings(settings), parts)
  t.after(() => provider.close())
  return provider
}
const SIGNED_IN = `signed in: ${ANN_SUBJECT}`
const silent = () => []
const isPerson = ({ name }: Request) => name !== READER.name
const bindsOfPeople = ({ requests }: LyingDirectory) => requests.filter((one) => one.kind === 'bind' && isPerson(one))

describe('a directory that answers badly', () => {
  const takingService =
    (answer: NonNullable<Answers['bind']>): Answers['bind'] =>
    (request) =>
      isPerson(request) ? answer(request) : [bindAnswer(request.id)]

  for (const [how, answers, expected] of [
    ['hangs at the bind of the service account', { bind: silent }, 'upstream-unreachable: too-slow'],
    ['hangs at the search', { search: silent }, 'upstream-unreachable: too-slow'],
    ['hangs at the bind of the person', { bind: takingService(silent) }, 'upstream-unreachable: too-slow'],
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
      const directory = await directoryWith(answers)
      const begun = performance.now()
      assert.equal(await outcomeOf(providerOf(t, [directory]).authenticate('ann', 'right')), expected)
      assert.ok(performance.now() - begun < 2500)
    })

  it('is believed no page without end', async (t) => {
    let page = 0
    const directory = await directoryWith({
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

describe('several servers of a directory', () => {
  it('are asked in their order, and the one that failed is left out for half a minute', async (t) => {
    let now = Date.parse('2026-06-01T12:00:00Z')
    const [first, second] = [await directoryWith({ search: silent }), await directoryWith()]
    const provider = providerOf(t, [first, second], {}, { clock: { now: () => new Date(now) } })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    assert.equal(first.connections(), 1)
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    assert.equal(first.connections(), 1)
    now += 31_000
    first.answer({})
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    assert.equal(bindsOfPeople(first).length, 1)
    assert.equal(bindsOfPeople(second).length, 2)
  })

  it('are never asked twice about one password', async (t) => {
    const [first, second] = [
      await directoryWith({ bind: (request) => (isPerson(request) ? 'end' : [bindAnswer(request.id)]) }),
      await directoryWith(),
    ]
    const provider = providerOf(t, [first, second])
    assert.equal(await outcomeOf(provider.authenticate('ann', 'wrong')), 'upstream-unreachable: connection-lost')
    assert.equal(bindsOfPeople(first).length, 1)
    assert.equal(bindsOfPeople(second).length, 0)
  })

  it('are not asked further once one has refused', async (t) => {
    const [first, second] = [await directoryWith(), await directoryWith()]
    assert.equal(
      await outcomeOf(providerOf(t, [first, second]).authenticate('ann', 'wrong')),
      'wrong-credentials: bind-refused',
    )
    assert.equal(second.connections(), 0)
  })

  it('that are all down are tried all the same', async (t) => {
    const [first, second] = [await directoryWith({ search: silent }), await directoryWith({ search: silent })]
    const provider = providerOf(t, [first, second])
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), 'upstream-unreachable: too-slow')
    second.answer({})
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
  })

  it('do not include one with a wrong certificate', async (t) => {
    const [stranger, right] = [await directoryWith({}, tls), await directoryWith({}, tls)]
    const byAddress = stranger.address.replace('localhost', '127.0.0.1')
    const provider = providerOf(t, [stranger, right], { servers: [byAddress, right.address], ca: authority })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    assert.equal(stranger.requests.length, 0)
  })
})

describe('the way to a directory', () => {
  it('is not taken to an address that may not be called, or that is not this machine’s and without TLS', async (t) => {
    const directory = await directoryWith()
    const strict = providerOf(t, [directory], {}, { lookup: guardedLookup() })
    assert.equal(await outcomeOf(strict.authenticate('ann', 'right')), 'upstream-unreachable: address-refused')
    const elsewhere = { lookup: async () => ok([{ address: '10.0.0.5', family: 4 as const }]) }
    const servers = [directory.address.replace('127.0.0.1', 'localhost')]
    const plain = providerOf(t, [directory], { servers, allowPlainLoopback: true }, elsewhere)
    assert.equal(await outcomeOf(plain.authenticate('ann', 'right')), 'upstream-unreachable: plain-refused')
    assert.equal(directory.connections(), 0)
  })

  it('is looked up once for a connection, and leads to the address that was checked', async (t) => {
    const directory = await directoryWith({}, tls)
    let asked = 0
    const lookup = async () => {
      asked += 1
      return ok([{ address: '127.0.0.1', family: 4 as const }])
    }
    const provider = providerOf(t, [directory], { ca: authority }, { lookup })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    assert.equal(asked, directory.connections())
  })

  it('ends at a server that accepts and says nothing', async (t) => {
    const directory = await directoryWith()
    const servers = [directory.address.replace('ldap://127.0.0.1', 'ldaps://localhost')]
    const provider = providerOf(t, [directory], { servers, timeoutMs: 500 })
    assert.match(
      await outcomeOf(provider.authenticate('ann', 'right')),
      /^upstream-unreachable: (too-slow|tls-failed|connection-lost)$/,
    )
  })

  for (const [how, answer, expected] of [
    ['refuses', ({ id }: Request) => [extendedAnswer(id, 52)], 'starttls-refused'],
    ['hangs up on', () => 'end', 'starttls-refused'],
    ['answers with a success of another request to', () => [extendedAnswer(77)], 'starttls-refused'],
    [
      'sends an answer beside',
      ({ id }: Request) => [Buffer.concat([extendedAnswer(id), bindAnswer(2)])],
      'starttls-injected',
    ],
    [
      'sends the beginning of an answer beside',
      ({ id }: Request) => [Buffer.concat([extendedAnswer(id), bindAnswer(2).subarray(0, 8)])],
      'starttls-injected',
    ],
    ['answers what is no LDAP to', () => [Buffer.from('220 ready\r\n')], 'answer-malformed'],
    ['agrees without TLS to', ({ id }: Request) => [extendedAnswer(id)], 'too-slow'],
  ] as [string, NonNullable<Answers['extended']>, string][])
    it(`ends where a server ${how} the wish for TLS, before any password`, async (t) => {
      const directory = await directoryWith({ extended: answer })
      const provider = providerOf(t, [directory], { startTls: true, allowPlainLoopback: false, timeoutMs: 500 })
      assert.match(await outcomeOf(provider.authenticate('ann', 'right')), new RegExp(`: ${expected}$`))
      assert.deepEqual(
        directory.requests.filter(({ kind }) => kind === 'bind'),
        [],
      )
    })

  it('is opened anew, as safely as before, when an old connection is gone', async (t) => {
    const directory = await directoryWith({}, tls)
    const provider = providerOf(t, [directory], { ca: authority })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    directory.hangUp()
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    directory.answer({
      search: ({ connection, id }) => (connection === 3 ? 'end' : [entryAnswer(id, ANN_NAME, ANN), searchDone(id)]),
    })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
  })

  it('is no wider than the settings say', async (t) => {
    let busy = 0
    let most = 0
    const directory = await directoryWith({
      bind: (request) => {
        if (isPerson(request)) most = Math.max(most, ++busy)
        setTimeout(() => (busy -= 1), 20)
        return [bindAnswer(request.id)]
      },
    })
    const provider = providerOf(t, [directory], { poolSize: 2 })
    const all = await Promise.all(Array.from({ length: 12 }, () => outcomeOf(provider.authenticate('ann', 'right'))))
    assert.deepEqual([...new Set(all)], [SIGNED_IN])
    const ofService = directory.requests.filter((one) => one.kind === 'bind' && !isPerson(one))
    assert.ok(ofService.length <= 2, `${ofService.length} connections of the service account`)
  })

  it('is not waited for by more than can hope for an answer', async (t) => {
    const directory = await directoryWith({ search: silent })
    const provider = providerOf(t, [directory], { poolSize: 1, timeoutMs: 500 })
    const all = await Promise.all(Array.from({ length: 30 }, () => outcomeOf(provider.authenticate('ann', 'right'))))
    assert.deepEqual([...new Set(all)].sort(), [
      'upstream-unreachable: too-many-waiting',
      'upstream-unreachable: too-slow',
    ])
  })
})
