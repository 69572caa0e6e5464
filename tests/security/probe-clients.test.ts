/** Tokens of clients that are no more, and of clients that took them back. Attacks 26 and 86. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { signInWith } from '#tests/support/relying-party.ts'
import { must, startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

const MACHINE = { flows: ['client_credentials' as const], scopes: ['orders/read'] }

let house: TestHouse<'watch'>
before(async () => {
  house = await startTestHouse(null, { resourceServers: { orders: ['read'] }, clients: { watch: {} }, users: [{}] })
})
after(() => house?.stop())

const isActive = async (token: string): Promise<boolean> =>
  (await (await house.clients.watch.party()).introspect(token)).active

describe('the tokens of a client', () => {
  it('that is disabled or deleted are honoured no more, its own and those of people', async () => {
    const person = house.people[0] ?? assert.fail('nobody')
    const robot = await house.createClient(MACHINE)
    const shop = await house.createClient()
    const { access_token: machine } = await (await robot.party()).machineToken()
    const { tokens } = await signInWith(await shop.party(), person)
    const all = [machine, tokens.access_token, tokens.refresh_token ?? '']
    const active = () => Promise.all(all.map(isActive))
    const change = async (enabled: boolean) => {
      for (const { clientId } of [robot, shop])
        must(await house.admin.clients.change({ poolId: house.poolId, clientId, enabled }))
    }
    assert.deepEqual(await active(), [true, true, true])
    await change(false)
    assert.deepEqual(await active(), [false, false, false])
    await change(true)
    assert.deepEqual(await active(), [true, true, true])
    for (const { clientId } of [robot, shop]) must(await house.admin.clients.delete({ poolId: house.poolId, clientId }))
    assert.deepEqual(await active(), [false, false, false])
  })

  it('without a person are revoked like others', async () => {
    const robot = await house.createClient(MACHINE)
    const party = await robot.party()
    const [first, second] = [await party.machineToken(), await party.machineToken()]
    await party.revoke(first.access_token)
    assert.deepEqual([await isActive(first.access_token), await isActive(second.access_token)], [false, true])
    const other = await (await house.createClient(MACHINE)).party()
    await other.revoke(second.access_token).catch(() => {})
    assert.equal(await isActive(second.access_token), true)
  })
})
