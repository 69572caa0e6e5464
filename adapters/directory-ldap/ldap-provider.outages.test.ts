/** A directory that is down, slow, or not the one signs nobody in; another server of it may. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { guardedLookup } from '#adapters/guarded-fetch/guarded-lookup.ts'
import { ok } from '#core/shared/result.ts'
import { bindAnswer, entryAnswer, extendedAnswer, searchDone } from '#tests/support/ldap/answers.ts'
import { ANN, ANN_NAME, type Answers, type Request } from '#tests/support/ldap/lying-directory.ts'
import { outcomeOf } from '#tests/support/ldap/providers.ts'
import { bindsOfPeople, directoryWith, isPerson, providerOf, SIGNED_IN, silent } from '#tests/support/ldap/trial.ts'
import { makeCertificate, type TlsFiles } from '#tests/support/tls-authority.ts'

let folder: string
let tls: TlsFiles
let authority: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-directory-'))
  tls = await makeCertificate(folder, ['localhost', 'dc1.corp.example'])
  authority = await readFile(tls.authorityFile, 'utf8')
})
after(() => rm(folder, { recursive: true }))

describe('several servers of a directory', () => {
  it('are asked in their order, and the one that failed is left out for half a minute', async (t) => {
    let now = Date.parse('2026-06-01T12:00:00Z')
    const [first, second] = [await directoryWith(t, { search: silent }), await directoryWith(t)]
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
      await directoryWith(t, { bind: (request) => (isPerson(request) ? 'end' : [bindAnswer(request.id)]) }),
      await directoryWith(t),
    ]
    const provider = providerOf(t, [first, second])
    assert.equal(await outcomeOf(provider.authenticate('ann', 'wrong')), 'upstream-unreachable: connection-lost')
    assert.equal(bindsOfPeople(first).length, 1)
    assert.equal(bindsOfPeople(second).length, 0)
  })

  it('are not asked further once one has refused', async (t) => {
    const [first, second] = [await directoryWith(t), await directoryWith(t)]
    assert.equal(
      await outcomeOf(providerOf(t, [first, second]).authenticate('ann', 'wrong')),
      'wrong-credentials: bind-refused',
    )
    assert.equal(second.connections(), 0)
  })

  it('that are all down are tried all the same', async (t) => {
    const [first, second] = [await directoryWith(t, { search: silent }), await directoryWith(t, { search: silent })]
    const provider = providerOf(t, [first, second])
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), 'upstream-slow: too-slow')
    second.answer({})
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
  })

  it('do not include one with a wrong certificate', async (t) => {
    const [stranger, right] = [await directoryWith(t, {}, tls), await directoryWith(t, {}, tls)]
    const byAddress = stranger.address.replace('localhost', '127.0.0.1')
    const provider = providerOf(t, [stranger, right], { servers: [byAddress, right.address], ca: authority })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    assert.equal(stranger.requests.length, 0)
  })
})

describe('the way to a directory', () => {
  it('is not taken to an address that may not be called, or that is not this machine’s and without TLS', async (t) => {
    const directory = await directoryWith(t)
    const strict = providerOf(t, [directory], {}, { lookup: guardedLookup() })
    assert.equal(await outcomeOf(strict.authenticate('ann', 'right')), 'upstream-unreachable: address-refused')
    const elsewhere = { lookup: async () => ok([{ address: '10.0.0.5', family: 4 as const }]) }
    const servers = [directory.address.replace('127.0.0.1', 'localhost')]
    const plain = providerOf(t, [directory], { servers, allowPlainLoopback: true }, elsewhere)
    assert.equal(await outcomeOf(plain.authenticate('ann', 'right')), 'upstream-unreachable: plain-refused')
    assert.equal(directory.connections(), 0)
  })

  it('is looked up once for a connection, and leads to the address that was checked', async (t) => {
    const directory = await directoryWith(t, {}, tls)
    let asked = 0
    const lookup = async () => {
      asked += 1
      return ok([{ address: '127.0.0.1', family: 4 as const }])
    }
    // Nobody else knows the name.
    const servers = [directory.address.replace('localhost', 'dc1.corp.example')]
    const provider = providerOf(t, [directory], { servers, ca: authority }, { lookup })
    assert.equal(await outcomeOf(provider.authenticate('ann', 'right')), SIGNED_IN)
    assert.equal(asked, directory.connections())
  })

  it('ends at a server that accepts and says nothing', async (t) => {
    const directory = await directoryWith(t)
    const servers = [directory.address.replace('ldap://127.0.0.1', 'ldaps://localhost')]
    const provider = providerOf(t, [directory], { servers, timeoutMs: 500 })
    assert.match(
      await outcomeOf(provider.authenticate('ann', 'right')),
      /^upstream-(slow: too-slow|unreachable: (tls-failed|connection-lost))$/,
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
      const directory = await directoryWith(t, { extended: answer })
      const provider = providerOf(t, [directory], { startTls: true, allowPlainLoopback: false, timeoutMs: 500 })
      assert.match(await outcomeOf(provider.authenticate('ann', 'right')), new RegExp(`: ${expected}$`))
      assert.deepEqual(
        directory.requests.filter(({ kind }) => kind === 'bind'),
        [],
      )
    })

  it('is opened anew, as safely as before, when an old connection is gone', async (t) => {
    const directory = await directoryWith(t, {}, tls)
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
    const directory = await directoryWith(t, {
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
    const directory = await directoryWith(t, { search: silent })
    const provider = providerOf(t, [directory], { poolSize: 1, timeoutMs: 500 })
    const all = await Promise.all(Array.from({ length: 30 }, () => outcomeOf(provider.authenticate('ann', 'right'))))
    assert.deepEqual([...new Set(all)].sort(), ['upstream-slow: too-slow', 'upstream-unreachable: too-many-waiting'])
  })
})
