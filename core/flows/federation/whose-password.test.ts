import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProviderSettings } from '#core/federation/provider-settings.ts'
import { aClient, NOON } from '#tests/support/builders.ts'
import { corp } from '#tests/support/fake-directory.ts'
import { corporate } from '#tests/support/federated-journey.ts'
import { type WhosePassword, whosePassword } from './whose-password.ts'

const pool = 'eu_1'
const providersOf = (settings: readonly ProviderSettings[]) =>
  settings.map((each) => ({ poolId: pool, name: each.name, settings: each, createdAt: NOON, updatedAt: NOON }))

const DOMAIN = corp()
const EVERYBODY = corp({ name: 'People', forEverybody: true })
const SECOND = corp({ name: 'Seconds', forEverybody: true, position: 200 })
const AWAY = corporate({ identifiers: ['fjord.example'] })
const ALL = [AWAY, DOMAIN, EVERYBODY, SECOND]

const own = (...identities: [provider: string, isPrimary: boolean][]): WhosePassword['account'] => ({
  hasPassword: true,
  identities: identities.map(([provider, isPrimary]) => ({ provider, isPrimary, subject: '1' })),
})
const bare = { hasPassword: false, identities: [] }

const TABLE: readonly [
  what: string,
  asked: { providers: readonly ProviderSettings[]; login: string } & Partial<
    Pick<WhosePassword, 'account' | 'isToBeProven' | 'takesOwn'>
  > & { only?: string[] },
  home: string,
][] = [
  [
    'nobody’s in an app that takes none of those who could',
    { providers: [], login: 'ann', takesOwn: false },
    'nowhere',
  ],
  [
    'nobody’s while the directory that made the account is not the app’s',
    { providers: [DOMAIN], login: 'ann', account: own(['Corp', true]), only: ['COGNITO'] },
    'nowhere',
  ],
  [
    'the directory’s, whatever name leads to an account that it made',
    { providers: [DOMAIN], login: 'ann@home.example', account: own(['Corp', true]) },
    'Corp',
  ],
  ['away, where the domain leads', { providers: ALL, login: 'ann@FJORD.example', account: own() }, 'away to Corporate'],
  ['the directory’s of the domain', { providers: ALL, login: 'ann@corp.example', account: own() }, 'Corp'],
  ['not of a domain that only ends alike', { providers: [DOMAIN], login: 'ann@evil-corp.example' }, 'here'],
  [
    'not of a directory that is not the app’s',
    { providers: ALL, login: 'ann@corp.example', only: ['COGNITO'] },
    'here',
  ],
  [
    'not of a directory that is switched off',
    { providers: [corp({ enabled: false })], login: 'ann@corp.example', account: own(['Corp', true]) },
    'here',
  ],
  [
    'not of a directory that only connects',
    { providers: [corp({ linkOnly: true })], login: 'ann@corp.example', account: own(['Corp', true]) },
    'here',
  ],
  ['the account’s own', { providers: ALL, login: 'ann', account: own() }, 'here'],
  [
    'the account’s own, beside a directory for one domain',
    { providers: [DOMAIN], login: 'ann', account: own(['Corp', false]) },
    'here',
  ],
  [
    'the directory’s for everybody, once connected to it',
    { providers: ALL, login: 'ann', account: own(['People', false]) },
    'People',
  ],
  ['of the one it is connected to', { providers: ALL, login: 'ann', account: own(['Seconds', false]) }, 'Seconds'],
  [
    'the directory’s for everybody, of an account without one',
    { providers: ALL, login: 'ann', account: bare },
    'People',
  ],
  ['the first directory’s for everybody, of nobody here', { providers: ALL, login: 'ann' }, 'People'],
  [
    'the directory’s in an app without accounts of the pool',
    { providers: [EVERYBODY], login: 'ann', account: own(), takesOwn: false },
    'People',
  ],
  ['here, of nobody, where no directory is asked', { providers: [DOMAIN], login: 'ann' }, 'here'],
  [
    'here, of the account that is to be proven',
    { providers: ALL, login: 'ann@corp.example', account: own(), isToBeProven: true },
    'here',
  ],
  [
    'never here, of an account that a directory made',
    { providers: ALL, login: 'ann@corp.example', account: own(['Corp', true]), isToBeProven: true },
    'Corp',
  ],
]

describe('whose password it is', () => {
  for (const [what, { only, providers, ...asked }, expected] of TABLE)
    it(what, () => {
      const client = aClient(pool, { settings: only === undefined ? {} : { identityProviders: only } })
      const home = whosePassword({
        client,
        providers: providersOf(providers),
        takesOwn: true,
        account: null,
        isToBeProven: false,
        ...asked,
      })
      const said =
        home.kind === 'directory' ? home.directory.name : home.kind === 'away' ? `away to ${home.provider}` : home.kind
      assert.equal(said, expected)
    })
  it('is never asked of a directory that only connects (attack 62)', () => {
    const settings = [corp({ linkOnly: true }), corp({ name: 'People', forEverybody: true, linkOnly: true })]
    for (const account of [null, bare, own(['Corp', true]), own(['Corp', false])])
      for (const login of ['ann', 'ann@corp.example']) {
        const asked = { client: aClient(pool), providers: providersOf(settings), takesOwn: true, isToBeProven: false }
        assert.deepEqual(whosePassword({ ...asked, login, account }), { kind: 'here' })
      }
  })
})
