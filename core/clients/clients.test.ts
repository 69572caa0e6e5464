import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aPoolId, secondsLater } from '#tests/support/builders.ts'
import { codeOf, expectOk, memoryAdministration } from '#tests/support/memory/administration.ts'
import type { PoolSettingsInput } from '../pools/pool-settings.ts'

const callbackUrls = ['https://app.example.com/callback']

const setup = async (settings: PoolSettingsInput = {}) => {
  const world = memoryAdministration()
  const { id: poolId } = await world.makePool(settings)
  const { clients } = world.admin
  const create = (given: object = {}, more: { secret?: string; id?: string } = {}) =>
    clients.create({ poolId, name: 'Shop', settings: { callbackUrls, ...given }, ...more })
  return { ...world, poolId, clients, create }
}

const problemsOf = (result: { ok: boolean; failure?: { problems?: readonly { path: string; message: string }[] } }) =>
  (result.failure?.problems ?? []).map(({ path, message }) => `${path}: ${message}`)

describe('registering an app', () => {
  it('refuses what its pool does not have: scopes and attributes', async () => {
    const { create } = await setup()
    assert.deepEqual(
      problemsOf(
        await create({
          scopes: ['openid', 'api/read'],
          readAttributes: ['email', 'custom:team'],
          writeAttributes: ['nmae'],
        }),
      ),
      [
        'scopes.1: no such scope in this pool',
        'readAttributes.1: no such attribute in this pool',
        'writeAttributes.0: no such attribute in this pool',
      ],
    )
  })
  it('refuses an app that could not write what the pool requires at sign-up', async () => {
    const { create } = await setup({ attributes: { name: { required: true } } })
    assert.deepEqual(problemsOf(await create({ writeAttributes: ['email'] })), [
      'writeAttributes: must include what the pool requires: name',
    ])
    assert.equal(codeOf(await create({ writeAttributes: ['email', 'name'] })), 'ok')
  })
  it('keeps people’s scopes from machines', async () => {
    const { create, admin, poolId } = await setup()
    expectOk(
      await admin.resourceServers.put({
        poolId,
        settings: { identifier: 'api', name: 'API', scopes: [{ name: 'read', description: 'Read' }] },
      }),
    )
    const machine = { flows: ['client_credentials'], callbackUrls: [] }
    assert.deepEqual(problemsOf(await create({ ...machine, scopes: ['openid'] })), [
      'scopes.0: client_credentials takes scopes of resource servers only',
    ])
    assert.equal(codeOf(await create({ ...machine, scopes: ['api/read'] })), 'ok')
  })
  it('refuses an address to be told of sign-outs at which no server can listen', async () => {
    const { create } = await setup()
    for (const [backchannelLogoutUrl, because] of [
      ['http://app.example.com/out', 'plain http is allowed on loopback hosts only'],
      ['https://app.example.com/out#x', 'has a fragment'],
      ['https://user@app.example.com/out', 'has user information before the host'],
      ['com.example.app:/out', 'must be https, or http on a loopback host'],
    ])
      assert.deepEqual(problemsOf(await create({ backchannelLogoutUrl })), [`backchannelLogoutUrl: ${because}`])
    const { client } = expectOk(await create({ backchannelLogoutUrl: 'https://app.example.com/out?tenant=1' }))
    assert.equal(client.settings.backchannelLogoutSessionRequired, true)
  })

  it('refuses dangerous callback addresses, and names the one that was meant to be a setting', async () => {
    const { clients, poolId } = await setup()
    const refused = await clients.create({
      poolId,
      name: 'Shop',
      settings: { callbackUrls: ['javascript:alert(1)', 'http://app.example.com/cb'], logoutUrl: 'x' },
    })
    assert.deepEqual(problemsOf(refused), [
      'callbackUrls.0: the scheme javascript: is not allowed',
      'callbackUrls.1: plain http is allowed on loopback hosts only',
      'logoutUrl: unknown setting; did you mean logoutUrls?',
    ])
  })
  it('refuses a weak secret, one for a public app, and ids of another shape', async () => {
    const { create } = await setup()
    assert.equal(codeOf(await create({}, { secret: 'too short' })), 'settings-refused secret')
    assert.equal(codeOf(await create({}, { secret: `${'x'.repeat(40)} %` })), 'settings-refused secret')
    assert.equal(codeOf(await create({ type: 'public' }, { secret: 'x'.repeat(40) })), 'settings-refused secret')
    assert.equal(codeOf(await create({}, { id: 'shop' })), 'settings-refused id')
    assert.equal(
      codeOf(await (await setup()).clients.create({ poolId: aPoolId(), name: 'Shop', settings: { callbackUrls } })),
      'pool-unknown',
    )
  })
  it('shows the secret once and keeps only what finds it again', async () => {
    const { create, clients, poolId, ports, book } = await setup()
    const { client, secret } = expectOk(await create())
    assert.match(client.id, /^[a-z0-9]{26}$/)
    assert.match(secret ?? '', /^[a-z0-9]{51}$/)
    assert.equal(await clients.hasSecret(poolId, client.id, secret ?? ''), true)
    assert.equal(await clients.hasSecret(poolId, client.id, 'x'.repeat(51)), false)
    const kept = JSON.stringify([await ports.clients.secretHashes(poolId, client.id), client, book.events])
    assert.equal(kept.includes(secret ?? 'none'), false)
  })
  it('gives a public app none, and does not repeat one that was given', async () => {
    const { create, clients, poolId } = await setup()
    assert.equal(expectOk(await create({ type: 'public' })).secret, null)
    const given = 'a-secret-that-somebody-else-made-up-42'
    const { client, secret } = expectOk(
      await clients.create({ poolId, name: 'Other', settings: { callbackUrls }, secret: given }),
    )
    assert.deepEqual([secret, await clients.hasSecret(poolId, client.id, given)], [null, true])
  })
})

describe('changing an app', () => {
  it('refuses what is not there, a name in use, and a change of its kind', async () => {
    const { create, clients, poolId } = await setup()
    const { client } = expectOk(await create())
    expectOk(await clients.create({ poolId, name: 'Other', settings: { callbackUrls } }))
    assert.equal(codeOf(await clients.change({ poolId, clientId: 'nobody', enabled: false })), 'client-unknown')
    assert.equal(codeOf(await clients.change({ poolId, clientId: client.id, name: 'Other' })), 'already-exists')
    assert.equal(
      codeOf(await clients.change({ poolId, clientId: client.id, settings: { callbackUrls, type: 'public' } })),
      'settings-refused type',
    )
    assert.equal(codeOf(await clients.delete({ poolId, clientId: 'nobody' })), 'client-unknown')
  })
  it('switches it off and on, and each act has its event', async () => {
    const { create, clients, poolId, book } = await setup()
    const { client } = expectOk(await create())
    for (const enabled of [false, true])
      assert.equal(expectOk(await clients.change({ poolId, clientId: client.id, enabled })).enabled, enabled)
    expectOk(await clients.delete({ poolId, clientId: client.id }))
    assert.deepEqual(
      book.events.filter(({ type }) => type === 'client.changed').map(({ detail }) => detail.act),
      ['create', 'disable', 'enable', 'delete'],
    )
  })
})

describe('rotating a secret', () => {
  it('refuses a third, and one for a public app', async () => {
    const { create, clients, poolId } = await setup()
    const { client } = expectOk(await create())
    expectOk(await clients.addSecret({ poolId, clientId: client.id }))
    assert.equal(codeOf(await clients.addSecret({ poolId, clientId: client.id })), 'state-refused')
    const { client: spa } = expectOk(
      await clients.create({ poolId, name: 'SPA', settings: { callbackUrls, type: 'public' } }),
    )
    assert.equal(codeOf(await clients.addSecret({ poolId, clientId: spa.id })), 'settings-refused secret')
  })
  it('lets both work until the first is removed', async () => {
    const { create, clients, poolId, setTime } = await setup()
    const { client, secret: first } = expectOk(await create())
    setTime(secondsLater(60))
    const { secret: second } = expectOk(await clients.addSecret({ poolId, clientId: client.id }))
    const works = async () => [
      await clients.hasSecret(poolId, client.id, first ?? ''),
      await clients.hasSecret(poolId, client.id, second ?? ''),
    ]
    assert.deepEqual(await works(), [true, true])
    const [oldest] = await clients.secrets(poolId, client.id)
    expectOk(await clients.removeSecret({ poolId, clientId: client.id, secretId: oldest?.id ?? '' }))
    assert.deepEqual(await works(), [false, true])
  })
})
