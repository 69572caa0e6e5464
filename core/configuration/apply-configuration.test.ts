import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keepThemes } from '#core/themes/index.ts'
import { loadShippedThemes } from '#server/theme-library.ts'
import { expectOk, memoryAdministration } from '#tests/support/memory/administration.ts'
import { applyConfiguration } from './apply-configuration.ts'
import { ConfigurationFile } from './configuration-file.ts'
import type { Change } from './step.ts'

const SECRET = 'a-secret-that-somebody-else-made-up-42'

const base = {
  name: 'Shop',
  settings: { displayName: 'The shop' },
  resourceServers: [{ identifier: 'api', name: 'API', scopes: [{ name: 'read', description: 'Read' }] }],
  clients: [
    {
      name: 'Web',
      secret: { env: 'WEB_SECRET' },
      settings: { callbackUrls: ['https://shop.example.com/cb'], scopes: ['openid', 'api/read'] },
    },
    { name: 'Phone', settings: { type: 'public', callbackUrls: ['com.example.shop:/cb'] } },
  ],
  groups: [{ name: 'staff', precedence: 1 }],
  users: [
    {
      attributes: { email: 'ann@example.com', email_verified: true },
      password: { plain: 'a walk in the rain' },
      groups: ['staff'],
    },
  ],
  theme: { settings: { hue: 200 }, css: { file: 'look.css' } },
}

const setup = () => {
  const world = memoryAdministration()
  const { random, clock } = world.ports
  const themes = keepThemes({ themes: world.looks, random, clock }, { name: 'test', context: null })
  let secret = SECRET
  const materials = {
    secret: async () => secret,
    text: async () => '.submitButton-customizable { border-radius: 4px }',
    picture: async () => null,
    shippedThemes: async () => loadShippedThemes(),
  }
  const apply = async (pool: object, options: { dryRun?: boolean; prune?: boolean } = {}) => {
    const ports = { admin: world.admin, materials, themes }
    return applyConfiguration(ports)(ConfigurationFile.parse({ pools: [pool] }), {
      dryRun: false,
      prune: false,
      ...options,
    })
  }
  const changeSecret = (to: string): void => {
    secret = to
  }
  const pool = async () => expectOk(await world.admin.pools.find('Shop'))
  return { ...world, apply, pool, changeSecret }
}

const told = (changes: readonly Change[]) => changes.map(({ kind, what, name }) => `${kind} ${what} ${name}`)
const moves = (changes: readonly Change[]) => changes.filter(({ kind }) => kind !== 'unchanged')

const ALL_NEW = [
  'create pool Shop',
  'create resource server api',
  'create client Web',
  'create client Phone',
  'create group staff',
  'create user ann@example.com',
  'create membership ann@example.com in staff',
  'create theme Shop',
]

describe('applying a configuration', () => {
  it('says what it would do and changes nothing when only asked', async () => {
    const { apply, admin, book, looks } = setup()
    const { changes, failure } = await apply(base, { dryRun: true })
    assert.equal(failure, null)
    assert.deepEqual(told(changes), ALL_NEW)
    assert.deepEqual([await admin.pools.list(), book.events, looks.size()], [[], [], 0])
  })

  it('makes everything, and nothing the second time', async () => {
    const { apply, book, keysMade } = setup()
    assert.deepEqual(told((await apply(base)).changes), ALL_NEW)
    const events = book.events.length
    const again = await apply(base)
    assert.deepEqual(moves(again.changes), [])
    assert.deepEqual([book.events.length, keysMade.length], [events, 1])
  })

  it('shows a secret that it made, and never one that it was given', async () => {
    const { apply } = setup()
    const clients = [
      ...base.clients,
      { name: 'Nightly', settings: { flows: ['client_credentials'], scopes: ['api/read'] } },
    ]
    const { secrets, changes } = await apply({ ...base, clients })
    assert.deepEqual(
      secrets.map(({ client }) => client),
      ['Nightly'],
    )
    assert.match(secrets[0]?.secret ?? '', /^[a-z0-9]{51}$/)
    assert.equal(JSON.stringify(changes).includes(SECRET), false)
    assert.deepEqual((await apply({ ...base, clients })).secrets, [])
  })

  it('tells field by field what differs, and puts what is no longer written back to its default', async () => {
    const { apply, pool } = setup()
    await apply(base)
    const { changes } = await apply({
      ...base,
      settings: { session: { maxMinutes: 5 } },
      groups: [{ name: 'staff', precedence: 2 }],
    })
    assert.deepEqual(
      moves(changes).map(({ what, differences }) => [
        what,
        ...differences.map(({ path, from, to }) => `${path} ${from} → ${to}`),
      ]),
      [
        ['pool', 'displayName The shop → undefined', 'session.maxMinutes 60 → 5'],
        ['group', 'precedence 1 → 2'],
      ],
    )
    assert.equal((await pool()).settings.displayName, undefined)
  })

  it('brings a changed secret in beside the old one, and stops before a third', async () => {
    const { apply, admin, pool, changeSecret } = setup()
    await apply(base)
    changeSecret('another-secret-that-somebody-made-up-43')
    assert.deepEqual(told(moves((await apply(base)).changes)), ['create client secret Web'])
    const poolId = (await pool()).id
    const web = expectOk(await admin.clients.find(poolId, 'Web'))
    assert.equal(await admin.clients.hasSecret(poolId, web.id, SECRET), true)
    changeSecret('a-third-secret-that-somebody-made-up-44')
    const { failure } = await apply(base)
    assert.deepEqual([failure?.failure.code, failure?.change.what], ['state-refused', 'client secret'])
  })

  it('leaves alone what the file does not name, and removes it when told to prune — but never people', async () => {
    const { apply, admin, pool } = setup()
    await apply(base)
    const less = {
      ...base,
      resourceServers: [],
      clients: [{ name: 'Phone', settings: base.clients[1]?.settings }],
      groups: [],
      users: [],
    }
    assert.deepEqual(moves((await apply(less)).changes), [])
    assert.deepEqual(told(moves((await apply(less, { prune: true, dryRun: true })).changes)), [
      'delete client Web',
      'delete group staff',
      'delete resource server api',
    ])
    await apply(less, { prune: true })
    const { id } = await pool()
    assert.deepEqual(
      (await admin.clients.list(id)).map(({ name }) => name),
      ['Phone'],
    )
    assert.deepEqual([await admin.groups.list(id), await admin.resourceServers.list(id)], [[], []])
    assert.equal((await admin.users.list(id, {}, null, 10)).users.length, 1)
  })

  it('finds clients and pools by their fixed ids, so that they can be renamed', async () => {
    const { apply, admin } = setup()
    const fixed = {
      id: 'eu-test-1_AbCdEfGhI',
      name: 'Shop',
      clients: [
        { id: 'a'.repeat(26), name: 'Web', settings: { type: 'public', callbackUrls: ['https://a.example/cb'] } },
      ],
    }
    await apply(fixed)
    const renamed = { ...fixed, name: 'Store', clients: [{ ...fixed.clients[0], name: 'Site' }] }
    assert.deepEqual(told(moves((await apply(renamed)).changes)), ['update pool Store', 'update client Site'])
    assert.equal((await admin.pools.list()).length, 1)
  })

  it('keeps up the attributes it names, and leaves the others and the password to the person', async () => {
    const { apply, admin, pool, ports } = setup()
    await apply(base)
    const present = await pool()
    const ann = expectOk(await admin.users.find(present, 'ann@example.com'))
    expectOk(
      await admin.users.changeAttributes({ pool: present, sub: ann.sub, attributes: { nickname: 'A', name: 'Ann' } }),
    )
    expectOk(
      await admin.users.setPassword({
        pool: present,
        sub: ann.sub,
        password: 'a swim in the lake',
        isTemporary: false,
      }),
    )
    assert.deepEqual(moves((await apply(base)).changes), [])
    const users = [{ ...base.users[0], attributes: { ...base.users[0]?.attributes, name: 'Ann Lee' } }]
    assert.deepEqual(told(moves((await apply({ ...base, users })).changes)), ['update user ann@example.com'])
    const found = await ports.users.findBySub(present.id, ann.sub)
    assert.deepEqual([found?.user.attributes.nickname, found?.user.attributes.name], ['A', 'Ann Lee'])
    assert.equal(await ports.passwords.verify('a swim in the lake', found?.password?.hash ?? null), true)
  })

  it('stops at the first refusal, says where, and keeps what came before', async () => {
    const { apply, admin } = setup()
    const users = [{ attributes: { email: 'ann@example.com' }, password: { plain: 'short' } }]
    const { changes, failure } = await apply({ ...base, users })
    assert.deepEqual([failure?.change.what, failure?.failure.code], ['user', 'new-password-short'])
    assert.equal(told(changes).includes('create group staff'), true)
    assert.equal((await admin.pools.list()).length, 1)
  })

  it('is completed by a second run once the cause of a stop is mended: nothing twice, nothing missing', async () => {
    const { apply, admin, book, keysMade } = setup()
    const weak = { ...base, users: [{ ...base.users[0], password: { plain: 'short' } }] }
    const stopped = await apply(weak)
    assert.equal(stopped.failure?.change.what, 'user')
    const before = book.events.length
    const { changes, failure } = await apply(base)
    assert.equal(failure, null)
    assert.deepEqual(told(moves(changes)), ALL_NEW.slice(ALL_NEW.indexOf('create user ann@example.com')))
    assert.deepEqual([(await admin.pools.list()).length, keysMade.length], [1, 1])
    const since = book.events.slice(before).map(({ type }) => type)
    assert.deepEqual(since, ['user.created', 'group.changed', 'theme.changed'])
    assert.deepEqual(moves((await apply(base)).changes), [])
  })

  it('gives a client a look of its own, once the client is there', async () => {
    const { apply, looks, admin, pool } = setup()
    const clients = [{ ...base.clients[1], theme: { settings: { brand: '#345678' } } }]
    assert.deepEqual((await apply({ ...base, clients })).failure, null)
    const { id } = await pool()
    const phone = expectOk(await admin.clients.find(id, 'Phone'))
    assert.deepEqual((await looks.find(id, phone.id))?.settings, { brand: '#345678' })
    assert.deepEqual(moves((await apply({ ...base, clients })).changes), [])
  })
})
