/** Programs that ask in their own name: client credentials. Line 16 of docs/conformance.md; attack 78. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { refusalOf } from '#tests/support/refusals.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { must, startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse<'robot'>
let robot: RelyingParty
before(async () => {
  house = await startTestHouse(null, {
    resourceServers: { orders: ['read', 'write', 'burn'], stock: ['read'] },
    clients: { robot: { flows: ['client_credentials'], scopes: ['orders/read', 'orders/write', 'stock/read'] } },
  })
  robot = await house.clients.robot.party()
})
after(() => house?.stop())

describe('a machine', () => {
  it('gets an access token and nothing else', async () => {
    const answer = await robot.machineToken('orders/read')
    assert.equal(answer.token_type, 'bearer')
    assert.equal(answer.expires_in, 3600)
    assert.equal(answer.scope, 'orders/read')
    assert.equal(answer.refresh_token, undefined)
    assert.equal(answer.id_token, undefined)
  })

  it('is the subject of its token, which says nothing of a person', async () => {
    const { access_token } = await robot.machineToken('orders/read stock/read')
    const { iat, exp, jti, auth_time, ...claims } = await robot.verified(access_token)
    const { clientId } = house.clients.robot
    assert.deepEqual(claims, {
      sub: clientId,
      client_id: clientId,
      iss: house.issuer,
      scope: 'orders/read stock/read',
      token_use: 'access',
      version: 2,
    })
    assert.equal(Number(exp) - Number(iat), 3600)
    assert.equal(auth_time, iat)
    assert.match(String(jti), /^[0-9a-f-]{36}$/)
    assert.notEqual((await robot.verified((await robot.machineToken()).access_token)).jti, jti)
  })

  it('that names no scope gets all of its own', async () => {
    const { access_token } = await robot.machineToken()
    assert.equal((await robot.verified(access_token)).scope, 'orders/read orders/write stock/read')
  })

  it('gets no scope that is not its own, that nobody has, or that is a person’s', async () => {
    for (const scope of [
      'orders/burn',
      'orders/unknown',
      'nothing',
      'openid',
      'orders/read openid',
      'email',
      'offline_access',
    ])
      assert.equal(await refusalOf(robot.machineToken(scope)), 'invalid_scope', scope)
  })

  it('finds no person behind its token at userInfo', async () => {
    const { access_token } = await robot.machineToken()
    assert.equal(await refusalOf(robot.userInfo(access_token, house.clients.robot.clientId)), 'invalid_token')
  })

  it('can have its token looked at', async () => {
    const { access_token } = await robot.machineToken('orders/read')
    const seen = await robot.introspect(access_token)
    assert.equal(seen.active, true)
    assert.equal(seen.scope, 'orders/read')
    assert.equal(seen.client_id, house.clients.robot.clientId)
  })

  it('loses a scope with the resource server that had it', async () => {
    const pool = await house.createPool({ resourceServers: { a: ['x'], b: ['y'] } })
    const client = await pool.createClient({ flows: ['client_credentials'], scopes: ['a/x', 'b/y'] })
    const party = await client.party()
    must(await house.admin.resourceServers.delete({ poolId: pool.poolId, identifier: 'b' }))
    house.house.runtimes.expire(pool.poolId)
    assert.equal((await party.verified((await party.machineToken()).access_token)).scope, 'a/x')
  })

  it('gets a token as short or long as its client says, in any format', async () => {
    for (const accessTokenFormat of ['jwt', 'rfc9068', 'opaque'] as const) {
      const client = await house.createClient({
        flows: ['client_credentials'],
        scopes: ['orders/read'],
        accessTokenSeconds: 300,
        accessTokenFormat,
      })
      const party = await client.party()
      const { access_token, expires_in } = await party.machineToken()
      assert.equal(expires_in, 300)
      assert.equal((await party.introspect(access_token)).active, true, accessTokenFormat)
    }
  })
})
