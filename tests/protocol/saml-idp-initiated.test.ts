/** Sign-ins that begin at our own identity provider (SAML 2.0 Profiles §4.1.5). */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { arrivedAt, clientOf, testSp } from '#tests/support/saml/test-sp.ts'
import { startTestHouse } from '#tests/support/test-house.ts'

const [wiki, desk] = [testSp('wiki'), testSp('desk')]

it('goes to the client that takes such, with the state of its settings and no request; to others not', async (t) => {
  const house = await startTestHouse(t, { users: [{}] })
  const [ann] = house.people
  const relayState = 'https://desk.example/start'
  const open = await house.createClient(clientOf(desk, { idpInitiated: { enabled: true, relayState } }))
  const closed = await house.createClient(clientOf(wiki))
  const through = browser()
  const begin = (id: string, more = '') => through.open(`${house.issuer}/saml2/idp/init?client_id=${id}${more}`)

  for (const [id, more] of [
    [closed.clientId, ''],
    ['nobody00000000000000000000', ''],
    ['', ''],
    [open.clientId, `&client_id=${closed.clientId}`],
  ] as const) {
    await begin(id, more)
    assert.equal(through.page.status, 400)
    assert.equal(through.departure, null)
  }

  await begin(open.clientId, '&RelayState=https://evil.example/')
  await through.submit({ username: ann?.username ?? '', password: ann?.password ?? '' })
  await through.submit({})
  assert.ok(through.departure)
  const arrived = arrivedAt(through.departure)
  assert.equal(arrived.to, desk.acs)
  assert.equal(arrived.relayState, relayState)
  assert.doesNotMatch(arrived.xml, /InResponseTo/)
  assert.equal(arrived.one('SubjectConfirmationData', 'Recipient'), desk.acs)
})
