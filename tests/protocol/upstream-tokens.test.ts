/** Tokens of an identity provider that a pool asked to be kept: what is stored, what is handed out, and when they are gone. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { runCommand, understand } from '#server/cli/run.ts'
import { browser } from '#tests/support/form-browser.ts'
import { type HostileProvider, startHostileProvider } from '#tests/support/hostile-provider.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { must, startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
let shop: RelyingParty
let upstream: HostileProvider

before(async () => {
  upstream = await startHostileProvider(() => Math.floor(Date.now() / 1000), 'client')
  house = await startTestHouse(null, { clients: { shop: {} } })
  shop = await house.clients.shop.party()
})
after(async () => {
  await house?.stop()
  await upstream?.close()
})

const settingsOf = (name: string, more: Record<string, unknown> = {}) => ({
  ...{ kind: 'oidc', name, clientId: 'client', issuer: upstream.issuer, keepsTokens: true },
  ...more,
})
/** Somebody who has just come in by a provider of their own. */
const cameBy = async (name: string, more: Record<string, unknown> = {}) => {
  const { poolId, admin } = house
  must(await admin.providers.create({ poolId, settings: settingsOf(name, more), secret: 'secret' }))
  const through = browser()
  const attempt = await shop.begin({ identity_provider: name })
  await through.open(attempt.url)
  const brought = upstream.signIn(through.departure?.url.href ?? assert.fail(through.page.text))
  await through.open(`${house.issuer}/oauth2/idpresponse?${new URLSearchParams(brought)}`)
  const { sub } = (await shop.finish(attempt, through.callback())).claims() ?? assert.fail('no ID token')
  return { sub, ask: () => admin.users.upstreamToken({ poolId, sub, provider: name }) }
}
const codeOf = (result: Awaited<ReturnType<Awaited<ReturnType<typeof cameBy>>['ask']>>) =>
  result.ok ? result.value.accessToken : result.failure.code

/** Everything that the database says of identities and journeys. */
const stored = async (): Promise<string> => {
  const { pool } = house.house.database
  const rows = await Promise.all(['linked_identity', 'flow'].map((table) => pool.query(`SELECT * FROM ${table}`)))
  return JSON.stringify(rows.map((each) => each.rows))
}

describe('the tokens of an identity provider', () => {
  it('are not kept unless the pool asks for it', async () => {
    const { ask } = await cameBy('Forgetful', { keepsTokens: false })
    assert.equal(codeOf(await ask()), 'upstream-tokens-missing')
    const rows = await house.house.database.pool.query('SELECT tokens_sealed FROM linked_identity')
    assert.deepEqual(rows.rows, [{ tokens_sealed: null }])
  })

  it('are sealed, handed out while they last, renewed after that, and gone when the provider says so', async () => {
    upstream.misbehave({ tokens: (all) => ({ ...all, access_token: `open-sesame-${all.access_token}` }) })
    const { ask, sub } = await cameBy('Corporate')
    const first = codeOf(await ask())
    assert.match(first, /^open-sesame-/)
    assert.equal(codeOf(await ask()), first)
    assert.equal((await stored()).includes('open-sesame'), false)

    house.travel(280)
    const second = codeOf(await ask())
    assert.match(second, /^open-sesame-/)
    assert.notEqual(second, first)
    assert.equal(codeOf(await ask()), second)

    const lines: string[] = []
    const printing = async (...more: string[]) => {
      const asked = understand(['users', 'identities', 'token', sub, '--pool', house.poolId, ...more])
      assert.equal(asked.kind, 'command')
      // Nothing but the administration is needed for this command.
      const tools = { admin: house.admin } as Parameters<typeof runCommand>[1]
      return runCommand(asked as Parameters<typeof runCommand>[0], tools, {
        out: (line) => void lines.push(line),
        err: (line) => void lines.push(line),
      })
    }
    assert.equal(await printing('--provider', 'Corporate'), 0)
    assert.deepEqual(lines.splice(0), [second])
    assert.equal(await printing('--provider', 'corporate', '--json'), 0)
    const { accessToken, expiresAt } = JSON.parse(lines.splice(0).join(''))
    assert.equal(accessToken, second)
    assert.ok(Date.parse(expiresAt) > Date.now())
    assert.equal(await printing('--provider', 'Nobody'), 1)
    assert.match(lines.splice(0).join(' '), /provider-unknown/)

    upstream.misbehave({
      answer: {
        path: /^\/token$/,
        send: (response) =>
          void response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}'),
      },
    })
    house.travel(280)
    assert.equal(codeOf(await ask()), 'upstream-refused')
    upstream.misbehave({})
    assert.equal(codeOf(await ask()), 'upstream-tokens-missing')
  })

  it('are gone with the identity, and with a provider that is switched off or deleted', async () => {
    const { poolId, admin, pool } = house
    const unlinked = await cameBy('Unlinked')
    must(await admin.users.unlinkIdentity({ pool, sub: unlinked.sub, provider: 'Unlinked', subject: 'ann-4711' }))
    assert.equal(codeOf(await unlinked.ask()), 'identity-unknown')
    const off = await cameBy('SwitchedOff')
    const { settings } = must(await admin.providers.find(poolId, 'SwitchedOff'))
    for (const enabled of [false, true])
      must(await admin.providers.change({ poolId, name: 'SwitchedOff', settings: { ...settings, enabled } }))
    assert.equal(codeOf(await off.ask()), 'upstream-tokens-missing')
    const deleted = await cameBy('Deleted')
    must(await admin.providers.delete({ poolId, name: 'Deleted' }))
    assert.equal(codeOf(await deleted.ask()), 'provider-unknown')
  })
})
