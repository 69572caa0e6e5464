/** Refreshing: without rotation, with it, and who is asked again each time. Line 21 of docs/conformance.md; attacks 26, 27, 33 and 86. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { refusalOf } from '#tests/support/refusals.ts'
import { type RelyingParty, signInWith, type Tokens } from '#tests/support/relying-party.ts'
import { CALLBACK, must, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const GRACE_SECONDS = 10

let house: TestHouse<'shop' | 'desk' | 'rotating' | 'strict'>
let shop: RelyingParty
let rotating: RelyingParty
let strict: RelyingParty
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, {
    resourceServers: { orders: ['read'] },
    clients: {
      shop: { scopes: ['openid', 'email', 'profile', 'orders/read'] },
      desk: {},
      rotating: { refreshRotation: { enabled: true, graceSeconds: GRACE_SECONDS } },
      strict: { refreshRotation: { enabled: true, graceSeconds: 0 } },
    },
    users: [{}],
  })
  shop = await house.clients.shop.party()
  rotating = await house.clients.rotating.party()
  strict = await house.clients.strict.party()
  ;[ann] = house.people as [TestPerson]
})
after(() => house?.stop())

const refreshTokenOf = ({ refresh_token }: Tokens): string => {
  assert.ok(refresh_token)
  return refresh_token
}

const eventTypes = async (sub: string): Promise<string[]> => {
  const { rows } = await house.house.database.pool.query<{ type: string }>(
    'SELECT type FROM auth_event WHERE pool_id = $1 AND sub = $2 ORDER BY created_at',
    [house.poolId, sub],
  )
  return rows.map(({ type }) => type)
}

describe('a refresh', () => {
  it('gives new tokens of the same sign-in, and no new refresh token', async () => {
    const { tokens } = await signInWith(shop, ann)
    const fresh = await shop.refresh(refreshTokenOf(tokens))
    assert.equal(fresh.refresh_token, undefined)
    const [idBefore, idAfter] = [await shop.verified(tokens.id_token ?? ''), await shop.verified(fresh.id_token ?? '')]
    const [accessBefore, accessAfter] = [
      await shop.verified(tokens.access_token),
      await shop.verified(fresh.access_token),
    ]
    for (const [earlier, later] of [
      [idBefore, idAfter],
      [accessBefore, accessAfter],
    ] as const) {
      for (const kept of ['sub', 'auth_time', 'event_id', 'origin_jti', 'iss', 'client_id', 'aud', 'scope'])
        assert.deepEqual(later[kept], earlier[kept], kept)
      assert.notEqual(later.jti, earlier.jti)
    }
    assert.equal(idAfter.nonce, idBefore.nonce)
  })

  it('may ask for fewer scopes, and not for more', async () => {
    const { tokens } = await signInWith(shop, ann, { asked: { scope: 'openid email orders/read' } })
    const fewer = await shop.refresh(refreshTokenOf(tokens), { scope: 'openid orders/read' })
    assert.equal((await shop.verified(fewer.access_token)).scope, 'openid orders/read')
    assert.equal(await refusalOf(shop.refresh(refreshTokenOf(tokens), { scope: 'openid profile' })), 'invalid_scope')
    const all = await shop.refresh(refreshTokenOf(tokens))
    assert.equal((await shop.verified(all.access_token)).scope, 'openid email orders/read')
  })

  it('is for the app the token was given to', async () => {
    const { tokens } = await signInWith(shop, ann)
    const desk = await house.clients.desk.party()
    assert.equal(await refusalOf(desk.refresh(refreshTokenOf(tokens))), 'invalid_grant')
    await shop.refresh(refreshTokenOf(tokens))
  })

  it('needs a whole token', async () => {
    const { tokens } = await signInWith(shop, ann)
    const whole = refreshTokenOf(tokens)
    for (const presented of [whole.slice(0, -1), `${whole}x`, tokens.access_token, tokens.id_token ?? '', 'x'])
      assert.equal(await refusalOf(shop.refresh(presented)), 'invalid_grant')
  })

  it('of a revoked token is refused, and so is one whose access token was revoked', async () => {
    for (const kind of ['refresh_token', 'access_token'] as const) {
      const { tokens } = await signInWith(shop, ann)
      await shop.revoke(tokens[kind] ?? '')
      assert.equal(await refusalOf(shop.refresh(refreshTokenOf(tokens))), 'invalid_grant', kind)
    }
  })
})

describe('rotation', () => {
  it('gives another refresh token each time', async () => {
    const { tokens } = await signInWith(rotating, ann)
    const second = await rotating.refresh(refreshTokenOf(tokens))
    const third = await rotating.refresh(refreshTokenOf(second))
    assert.equal(new Set([tokens, second, third].map(refreshTokenOf)).size, 3)
  })

  it('gives ten that come together the same successor, which works', async () => {
    for (let round = 0; round < 3; round++) {
      const { tokens } = await signInWith(rotating, ann)
      const answers = await Promise.all(Array.from({ length: 10 }, () => rotating.refresh(refreshTokenOf(tokens))))
      const successors = new Set(answers.map(refreshTokenOf))
      assert.equal(successors.size, 1)
      for (const { access_token } of answers) await rotating.userInfo(access_token, ann.sub)
      await rotating.refresh([...successors][0] ?? '')
    }
  })

  it('repeats an answer that was lost, within the grace', async () => {
    const { tokens } = await signInWith(rotating, ann)
    const once = await rotating.refresh(refreshTokenOf(tokens))
    const again = await rotating.refresh(refreshTokenOf(tokens))
    assert.equal(refreshTokenOf(again), refreshTokenOf(once))
    assert.notEqual(again.access_token, once.access_token)
  })

  it('without grace lets one of ten through; a second use ends everything and is written down', async () => {
    const person = await house.createUser()
    const { tokens } = await signInWith(strict, person)
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => strict.refresh(refreshTokenOf(tokens))))
    const granted = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    assert.equal(granted.length, 1)
    const [winner] = granted
    assert.ok(winner)
    assert.equal(await refusalOf(strict.refresh(refreshTokenOf(winner))), 'invalid_grant')
    assert.equal(await refusalOf(strict.userInfo(winner.access_token, person.sub)), 'invalid_token')
    assert.ok((await eventTypes(person.sub)).includes('token.reused'))
  })

  it('without grace takes a token that comes back later for stolen', async () => {
    const person = await house.createUser()
    const { tokens } = await signInWith(strict, person)
    const second = await strict.refresh(refreshTokenOf(tokens))
    assert.equal(await refusalOf(strict.refresh(refreshTokenOf(tokens))), 'invalid_grant')
    assert.equal(await refusalOf(strict.refresh(refreshTokenOf(second))), 'invalid_grant')
    assert.equal(await refusalOf(strict.userInfo(second.access_token, person.sub)), 'invalid_token')
    assert.ok((await eventTypes(person.sub)).includes('token.reused'))
  })
})

describe('each refresh asks again', () => {
  const acts: Record<string, (person: TestPerson) => Promise<unknown>> = {
    disabled: ({ sub }) => house.admin.users.disable({ pool: house.pool, sub }),
    deleted: ({ sub }) => house.admin.users.delete({ pool: house.pool, sub }),
    'signed out everywhere': ({ sub }) => house.admin.users.signOut({ pool: house.pool, sub }),
    'given another password': ({ sub }) =>
      house.admin.users.setPassword({
        pool: house.pool,
        sub,
        password: 'another staple battery horse',
        isTemporary: false,
      }),
  }
  for (const [state, act] of Object.entries(acts)) {
    it(`whether the person was ${state}`, async () => {
      const person = await house.createUser()
      const { tokens } = await signInWith(shop, person)
      await act(person)
      assert.equal(await refusalOf(shop.refresh(refreshTokenOf(tokens))), 'invalid_grant')
    })
  }

  it('and a person who was disabled and enabled again signs in anew', async () => {
    const person = await house.createUser()
    const { tokens } = await signInWith(shop, person)
    must(await house.admin.users.disable({ pool: house.pool, sub: person.sub }))
    must(await house.admin.users.enable({ pool: house.pool, sub: person.sub }))
    assert.equal(await refusalOf(shop.refresh(refreshTokenOf(tokens))), 'invalid_grant')
    await signInWith(shop, person)
  })

  it('which groups and attributes the person has today', async () => {
    const person = await house.createUser()
    const { tokens } = await signInWith(shop, person)
    const { poolId, pool } = house
    must(await house.admin.groups.create({ poolId, name: 'buyers', settings: {} }))
    must(await house.admin.groups.addMember({ poolId, name: 'buyers', sub: person.sub }))
    must(await house.admin.users.changeAttributes({ pool, sub: person.sub, attributes: { name: 'Ann Other' } }))
    const fresh = await shop.refresh(refreshTokenOf(tokens))
    const claims = await shop.verified(fresh.id_token ?? '')
    assert.deepEqual(claims['cognito:groups'], ['buyers'])
    assert.equal(claims.name, 'Ann Other')
    must(await house.admin.groups.removeMember({ poolId, name: 'buyers', sub: person.sub }))
    const later = await shop.refresh(refreshTokenOf(tokens))
    assert.equal((await shop.verified(later.access_token))['cognito:groups'], undefined)
  })

  it('which scopes the app may have, whether it may refresh, and whether it is there', async () => {
    const { poolId } = house
    const settings = { callbackUrls: [CALLBACK], scopes: ['openid', 'email', 'orders/read'] }
    const { clientId, party } = await house.createClient(settings)
    const app = await party({ scope: 'openid email orders/read' })
    const { tokens } = await signInWith(app, ann)
    must(await house.admin.clients.change({ poolId, clientId, settings: { ...settings, scopes: ['openid'] } }))
    const fresh = await app.refresh(refreshTokenOf(tokens))
    assert.equal((await app.verified(fresh.access_token)).scope, 'openid')
    assert.equal((await app.verified(fresh.id_token ?? '')).email, undefined)
    must(
      await house.admin.clients.change({ poolId, clientId, settings: { ...settings, flows: ['authorization_code'] } }),
    )
    assert.equal(await refusalOf(app.refresh(refreshTokenOf(tokens))), 'unauthorized_client')
    must(await house.admin.clients.change({ poolId, clientId, settings }))
    must(await house.admin.clients.change({ poolId, clientId, enabled: false }))
    assert.equal(await refusalOf(app.refresh(refreshTokenOf(tokens))), 'invalid_client')
  })

  it('which scopes the pool still knows', async () => {
    const pool = await house.createPool({ resourceServers: { stock: ['read'] } })
    const app = await (await pool.createClient({ scopes: ['openid', 'stock/read'] })).party({
      scope: 'openid stock/read',
    })
    const { tokens } = await signInWith(app, await pool.createUser())
    must(await house.admin.resourceServers.delete({ poolId: pool.poolId, identifier: 'stock' }))
    house.house.runtimes.expire(pool.poolId)
    const fresh = await app.refresh(refreshTokenOf(tokens))
    assert.equal((await app.verified(fresh.access_token)).scope, 'openid')
  })
})

describe('time passes', () => {
  it('and a rotated token that comes back after the grace ends its whole family', async () => {
    const person = await house.createUser()
    const { tokens } = await signInWith(rotating, person)
    const second = await rotating.refresh(refreshTokenOf(tokens))
    const third = await rotating.refresh(refreshTokenOf(second))
    house.travel(GRACE_SECONDS + 1)
    assert.equal(await refusalOf(rotating.refresh(refreshTokenOf(tokens))), 'invalid_grant')
    for (const each of [second, third])
      assert.equal(await refusalOf(rotating.refresh(refreshTokenOf(each))), 'invalid_grant')
    assert.equal(await refusalOf(rotating.userInfo(third.access_token, person.sub)), 'invalid_token')
    assert.ok((await eventTypes(person.sub)).includes('token.reused'))
  })

  it('and a refresh an hour later is still of the same sign-in', async () => {
    const { tokens } = await signInWith(shop, ann)
    house.travel(7200)
    const fresh = await shop.refresh(refreshTokenOf(tokens))
    const [before, later] = [tokens.claims(), fresh.claims()]
    assert.equal(later?.auth_time, before?.auth_time)
    assert.equal(later?.origin_jti, before?.origin_jti)
    assert.equal(Number(later?.iat), Number(before?.iat) + 7200)
    assert.equal(await refusalOf(shop.userInfo(tokens.access_token, ann.sub)), 'invalid_token')
    await shop.userInfo(fresh.access_token, ann.sub)
  })

  it('and rotation does not make a refresh token live longer than its first', async () => {
    const client = await house.createClient({
      refreshTokenSeconds: 7200,
      refreshRotation: { enabled: true, graceSeconds: 0 },
    })
    const app = await client.party()
    let { tokens } = await signInWith(app, ann)
    for (let turn = 0; turn < 2; turn++) {
      house.travel(3000)
      tokens = await app.refresh(refreshTokenOf(tokens))
    }
    house.travel(1201)
    assert.equal(await refusalOf(app.refresh(refreshTokenOf(tokens))), 'invalid_grant')
  })
})
