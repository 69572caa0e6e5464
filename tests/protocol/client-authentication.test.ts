/** Who may ask: app clients and their secrets. Lines 5 and 16 of docs/conformance.md; attacks 26, 29, 84 and 85. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { basic, send } from '#tests/support/refusals.ts'
import { must, startTestHouse, type TestClient, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse<'machine' | 'phone'>
before(async () => {
  house = await startTestHouse(null, {
    resourceServers: { orders: ['read'] },
    clients: { machine: { flows: ['client_credentials'], scopes: ['orders/read'] }, phone: { type: 'public' } },
  })
})
after(() => house?.stop())

const FORM = { grant_type: 'client_credentials' }
const ask = (form: Record<string, string>, headers?: Record<string, string>) =>
  send(`${house.issuer}/oauth2/token`, { ...FORM, ...form }, headers === undefined ? {} : { headers })
const bySecret = ({ clientId }: TestClient, secret: string) => ask({}, basic(clientId, secret))
const machine = () => house.createClient({ flows: ['client_credentials'], scopes: ['orders/read'] })

describe('a confidential client', () => {
  it('sends its secret in the header or in the body, as it likes', async () => {
    const { clientId, clientSecret = '' } = house.clients.machine
    assert.equal((await ask({}, basic(clientId, clientSecret))).status, 200)
    assert.equal((await ask({ client_id: clientId, client_secret: clientSecret })).status, 200)
    assert.equal((await ask({ client_id: clientId }, basic(clientId, clientSecret))).status, 200)
  })

  it('may percent-encode its credentials, or not', async () => {
    const secret = `${'a~b.c_d-'.repeat(5)}x`
    const client = await machine()
    must(await house.admin.clients.addSecret({ poolId: house.poolId, clientId: client.clientId, secret }))
    const everyCharacter = [...`${client.clientId}:${secret}`]
      .map((character) => (character === ':' ? ':' : `%${character.charCodeAt(0).toString(16)}`))
      .join('')
    for (const credentials of [`${client.clientId}:${secret}`, everyCharacter])
      assert.equal(
        (await ask({}, { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` })).status,
        200,
        credentials,
      )
    assert.equal((await bySecret(client, secret)).status, 200)
  })

  it('is known by either of two secrets, until one is taken away', async () => {
    const client = await machine()
    const { clientId, clientSecret: first = '' } = client
    const of = { poolId: house.poolId, clientId }
    const { id, secret } = must(await house.admin.clients.addSecret(of))
    const second = secret ?? ''
    assert.equal((await bySecret(client, first)).status, 200)
    assert.equal((await bySecret(client, second)).status, 200)
    must(await house.admin.clients.removeSecret({ ...of, secretId: id }))
    assert.equal((await bySecret(client, first)).status, 200)
    assert.equal((await bySecret(client, second)).status, 401)
  })

  it('with a wrong secret, or none, is refused with 401 and a challenge', async () => {
    const { clientId, clientSecret = '' } = house.clients.machine
    for (const secret of ['wrong', clientSecret.slice(0, -1), `${clientSecret}x`, clientSecret.toUpperCase()]) {
      const answer = await ask({}, basic(clientId, secret))
      assert.equal(answer.status, 401, secret)
      assert.equal(answer.json.error, 'invalid_client')
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /)
      const posted = await ask({ client_id: clientId, client_secret: secret })
      assert.equal(`${posted.status} ${posted.json.error}`, '401 invalid_client')
    }
    assert.equal((await ask({ client_id: clientId })).status, 401)
  })

  it('gets the same answer as one that does not exist', async () => {
    const { clientId } = house.clients.machine
    const known = await ask({}, basic(clientId, 'wrong'))
    const unknown = await ask({}, basic('nobody00000000000000000000', 'wrong'))
    assert.equal(unknown.status, known.status)
    assert.deepEqual(unknown.json, known.json)
  })

  it('may not use two ways at once, nor name two clients', async () => {
    const { clientId, clientSecret = '' } = house.clients.machine
    const header = basic(clientId, clientSecret)
    assert.equal((await ask({ client_secret: clientSecret }, header)).json.error, 'invalid_request')
    assert.equal((await ask({ client_id: house.clients.phone.clientId }, header)).json.error, 'invalid_request')
  })

  it('is refused at once when disabled, and heard again when enabled', async () => {
    const client = await machine()
    const { clientId, clientSecret = '' } = client
    const of = { poolId: house.poolId, clientId }
    must(await house.admin.clients.change({ ...of, enabled: false }))
    assert.equal((await bySecret(client, clientSecret)).status, 401)
    must(await house.admin.clients.change({ ...of, enabled: true }))
    assert.equal((await bySecret(client, clientSecret)).status, 200)
  })

  it('of another pool is a stranger', async () => {
    const pool = await house.createPool({ resourceServers: { orders: ['read'] } })
    const client = await pool.createClient({ flows: ['client_credentials'], scopes: ['orders/read'] })
    assert.equal((await bySecret(client, client.clientSecret ?? '')).status, 401)
  })
})

describe('a public client', () => {
  it('is refused when it presents a secret', async () => {
    const { clientId } = house.clients.phone
    const form = { grant_type: 'refresh_token', refresh_token: 'x' }
    for (const answer of [
      await ask(form, basic(clientId, 'secret')),
      await ask({ ...form, client_id: clientId, client_secret: 'secret' }),
    ])
      assert.equal(`${answer.status} ${answer.json.error}`, '401 invalid_client')
    assert.equal((await ask({ ...form, client_id: clientId })).json.error, 'invalid_grant')
  })

  it('learns nothing by introspection of what is not its own', async () => {
    const { clientId } = house.clients.phone
    const answer = await send(`${house.issuer}/oauth2/introspect`, { client_id: clientId, token: 'x' })
    assert.equal(answer.json.active, false)
  })
})

describe('a malformed Authorization header', () => {
  const headers = [
    'Basic',
    'Basic ',
    'Basic !!!!',
    'Basic YWJj',
    `Basic ${Buffer.from('%zz:%zz').toString('base64')}`,
    `Basic ${Buffer.from(':').toString('base64')}`,
    `Basic ${Buffer.from('\u0000:\u0000').toString('base64')}`,
    'Bearer abc',
    'Digest username="x"',
    `Basic ${'A'.repeat(8000)}`,
  ]
  it('is a client’s error, never the server’s and never a way in', async () => {
    for (const authorization of headers) {
      const answer = await ask({}, { authorization })
      assert.ok([400, 401].includes(answer.status), `${authorization.slice(0, 40)}: ${answer.status}`)
      assert.ok(['invalid_request', 'invalid_client'].includes(String(answer.json.error)))
    }
  })
})
