/** Discovery and keys. Lines 1–3 and 31 of docs/conformance.md; attacks 8 and 75. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { signInWith } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse
before(async () => {
  house = await startTestHouse(null, { resourceServers: { orders: ['read'] } })
})
after(() => house?.stop())

const documentOf = async (address: string) => {
  const response = await fetch(address)
  return { response, metadata: (await response.json()) as Record<string, unknown> }
}

/** The status of a request that names another host than the one it reaches. */
const statusUnderHost = (host: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(house.origin)
    request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })

describe('discovery', () => {
  it('stands at both well-known addresses, as the same JSON', async () => {
    const { response, metadata } = await documentOf(`${house.issuer}/.well-known/openid-configuration`)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(metadata.issuer, house.issuer)
    for (const address of [
      `${house.origin}/.well-known/oauth-authorization-server/${house.poolId}`,
      `${house.origin}/.well-known/openid-configuration/${house.poolId}`,
      `${house.issuer}/.well-known/oauth-authorization-server`,
    ])
      assert.deepEqual((await documentOf(address)).metadata, metadata, address)
  })

  it('names every endpoint below the issuer, and each of them answers', async () => {
    const { metadata } = await documentOf(`${house.issuer}/.well-known/openid-configuration`)
    const addresses = Object.entries(metadata).filter(([name]) => /_endpoint$|_uri$/.test(name))
    assert.ok(addresses.length >= 7)
    for (const [name, address] of addresses) {
      assert.ok(String(address).startsWith(`${house.issuer}/`), name)
      assert.notEqual((await fetch(String(address), { redirect: 'manual' })).status, 404, name)
    }
  })

  it('says what the server can do, and nothing that it cannot', async () => {
    const { metadata } = await documentOf(`${house.issuer}/.well-known/openid-configuration`)
    assert.deepEqual(metadata.response_types_supported, ['code'])
    assert.deepEqual(metadata.code_challenge_methods_supported, ['S256'])
    assert.deepEqual(metadata.subject_types_supported, ['public'])
    assert.deepEqual(metadata.id_token_signing_alg_values_supported, ['RS256'])
    assert.deepEqual(metadata.response_modes_supported, ['query', 'form_post'])
    assert.deepEqual(metadata.grant_types_supported, ['authorization_code', 'refresh_token', 'client_credentials'])
    assert.ok((metadata.scopes_supported as string[]).includes('openid'))
    assert.ok((metadata.scopes_supported as string[]).includes('orders/read'))
    assert.ok((metadata.claims_supported as string[]).includes('email_verified'))
    assert.ok((metadata.acr_values_supported as string[]).length > 0)
    assert.equal(metadata.claims_parameter_supported, true)
    assert.equal(metadata.authorization_response_iss_parameter_supported, true)
    assert.equal(metadata.request_parameter_supported, false)
    assert.equal(metadata.request_uri_parameter_supported, false)
    assert.equal(metadata.registration_endpoint, undefined)
  })

  it('answers 304 to whoever has it already, and any origin may read it', async () => {
    for (const path of ['openid-configuration', 'jwks.json']) {
      const address = `${house.issuer}/.well-known/${path}`
      const first = await fetch(address)
      const etag = first.headers.get('etag') ?? ''
      assert.match(etag, /^"[\w-]+"$/)
      assert.equal(first.headers.get('access-control-allow-origin'), '*')
      const again = await fetch(address, { headers: { 'if-none-match': etag } })
      assert.equal(again.status, 304)
      assert.equal(await again.text(), '')
      assert.equal(again.headers.get('etag'), etag)
    }
  })

  it('changes, with its ETag, when the pool does', async () => {
    const pool = await house.createPool()
    const address = `${pool.issuer}/.well-known/openid-configuration`
    const first = await fetch(address)
    await pool.changeSettings({ links: { terms: 'https://shop.example.com/terms' } })
    const second = await documentOf(address)
    assert.equal(second.metadata.op_tos_uri, 'https://shop.example.com/terms')
    assert.notEqual(second.response.headers.get('etag'), first.headers.get('etag'))
  })

  it('is refused under another host, whatever the path', async () => {
    const wellKnown = `/${house.poolId}/.well-known/openid-configuration`
    for (const host of ['evil.example.com', 'localhost', '127.0.0.1:1', ''])
      for (const path of [wellKnown, '/', `/${house.poolId}/oauth2/token`])
        assert.ok([400, 421].includes(await statusUnderHost(host, path)), `${host} ${path}`)
    assert.equal(await statusUnderHost('evil.example.com', wellKnown), 421)
    assert.equal(await statusUnderHost(new URL(house.origin).host, wellKnown), 200)
  })

  it('is read only', async () => {
    const address = `${house.issuer}/.well-known/openid-configuration`
    assert.equal((await fetch(address, { method: 'POST', body: '' })).status, 405)
    const head = await fetch(address, { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(await head.text(), '')
  })

  it('is unknown for a pool that does not exist', async () => {
    assert.equal((await fetch(`${house.origin}/eu-test-1_Nobody123/.well-known/openid-configuration`)).status, 404)
  })
})

describe('keys', () => {
  const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

  for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
    it(`of a pool that signs with ${algorithm} verify its tokens, and hold nothing private`, async () => {
      const pool = await house.createPool({ settings: { algorithm } })
      const { keys } = (await (await fetch(`${pool.issuer}/.well-known/jwks.json`)).json()) as {
        keys: Record<string, string>[]
      }
      assert.ok(keys.length > 0)
      assert.equal(new Set(keys.map((key) => key.kid)).size, keys.length)
      for (const key of keys) {
        assert.equal(key.use, 'sig')
        assert.equal(key.alg, algorithm)
        for (const member of PRIVATE) assert.equal(key[member], undefined, member)
      }
      const client = await pool.createClient()
      const { tokens } = await signInWith(await client.party(), await pool.createUser())
      const published = createRemoteJWKSet(new URL(`${pool.issuer}/.well-known/jwks.json`))
      for (const token of [tokens.id_token ?? '', tokens.access_token]) {
        assert.ok(keys.some((key) => key.kid === decodeProtectedHeader(token).kid))
        await jwtVerify(token, published, { issuer: pool.issuer, algorithms: [algorithm] })
      }
    })
  }

  it('that are replaced stay published, and what they signed is honoured', async () => {
    const pool = await house.createPool({ settings: { algorithm: 'ES256' } })
    const client = await pool.createClient()
    const person = await pool.createUser()
    const { tokens } = await signInWith(await client.party(), person)
    await pool.changeSettings({ algorithm: 'EdDSA' })
    const party = await client.party()
    await party.verified(tokens.access_token)
    await party.userInfo(tokens.access_token, person.sub)
    const later = await signInWith(party, person, { asked: { id_token_hint: tokens.id_token ?? '' } })
    assert.equal(decodeProtectedHeader(later.tokens.id_token ?? '').alg, 'EdDSA')
    assert.equal(decodeProtectedHeader(later.tokens.access_token).alg, 'EdDSA')
  })

  it('of one pool verify nothing of another', async () => {
    const other = await house.createPool()
    const { tokens } = await signInWith(await (await other.createClient()).party(), await other.createUser())
    const ours = createRemoteJWKSet(new URL(`${house.issuer}/.well-known/jwks.json`))
    await assert.rejects(jwtVerify(tokens.access_token, ours), { code: 'ERR_JWKS_NO_MATCHING_KEY' })
  })
})
