/** A new address: proven before it counts, taken from nobody, and taken back by the old one. Attacks 51, 53, 54, 55. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aDesk, type Desk, FROM, refusalIn } from '#tests/support/account-desk.ts'
import { confirmContactChange, startContactChange, undoContactChange } from './index.ts'

const bo = {
  sub: 'b0000000-0000-4000-8000-000000000002',
  attributes: { email: 'bo@example.com', email_verified: true },
}
const TO = 'ann@new.example'

const emailOf = async ({ ports, doer }: Desk) => {
  const found = await ports.users.findBySub(doer().pool.id, doer().sub)
  return [found?.user.attributes.email, found?.user.attributes.email_verified]
}
const began = async (desk: Desk, to = TO) => {
  assert.equal(await refusalIn(startContactChange(desk.ports)(desk.doer(), 'email', to)), null)
}
const linkOf = ({ written }: Desk): string => {
  const notice = written.messages.findLast(({ purpose }) => purpose === 'contact-changed')
  return JSON.stringify(notice?.message).match(/token=([\w-]{43})/)?.[1] ?? ''
}

describe('a change of address', () => {
  it('is not begun by a session of more than ten minutes ago, nor without the factor of who has one', async () => {
    const desk = await aDesk({ pool: { mfa: 'optional' } })
    const stale = desk.doer({ proofs: [desk.proven('password', 601)] })
    assert.equal(await refusalIn(startContactChange(desk.ports)(stale, 'email', TO)), 'proof-not-fresh')
    await desk.enrol('totp')
    assert.equal(await refusalIn(startContactChange(desk.ports)(desk.doer(), 'email', TO)), 'proof-not-fresh')
    assert.deepEqual(desk.sent(), [])
  })

  it('refuses what is no address, the one that is there, and a domain that the pool does not take', async () => {
    const desk = await aDesk({ pool: { allowedEmailDomains: ['example.com'] } })
    const start = (typed: string) => refusalIn(startContactChange(desk.ports)(desk.doer(), 'email', typed))
    assert.equal(await start(''), 'attribute-missing')
    assert.equal(await start('ann@b@example.com'), 'attribute-format')
    assert.equal(await start('ann@example.com'), 'contact-unchanged')
    assert.equal(await start('ann@elsewhere.example'), 'email-domain-refused')
  })

  it('changes nothing until the code came back', async () => {
    const desk = await aDesk()
    await began(desk)
    assert.deepEqual(await emailOf(desk), ['ann@example.com', true])
    assert.equal(await refusalIn(confirmContactChange(desk.ports)(desk.doer(), 'email', '000000')), 'code-mismatch')
    assert.deepEqual(await emailOf(desk), ['ann@example.com', true])
    assert.equal(await refusalIn(confirmContactChange(desk.ports)(desk.doer(), 'email', desk.code())), null)
    assert.deepEqual(await emailOf(desk), [TO, true])
  })

  it('is confirmed by the code of the newest address alone, and only while it works', async () => {
    const desk = await aDesk()
    await began(desk)
    const first = desk.code()
    await began(desk, 'ann@newer.example')
    assert.equal(await refusalIn(confirmContactChange(desk.ports)(desk.doer(), 'email', first)), 'code-mismatch')
    desk.wait(31 * 60)
    assert.equal(await refusalIn(confirmContactChange(desk.ports)(desk.doer(), 'email', desk.code())), 'code-expired')
  })

  it('lets nobody guess: after fifteen tries the right code is refused too', async () => {
    const desk = await aDesk()
    await began(desk)
    for (let n = 0; n < 15; n++) await confirmContactChange(desk.ports)(desk.doer(), 'email', '000000')
    assert.equal(
      await refusalIn(confirmContactChange(desk.ports)(desk.doer(), 'email', desk.code())),
      'code-attempts-spent',
    )
  })

  it('to an address of somebody else is answered alike, sends no code, and tells the owner', async () => {
    const desk = await aDesk({ people: [bo] })
    for (const spelling of ['bo@example.com', 'BO@EXAMPLE.COM', 'bo＠example.com']) await began(desk, spelling)
    const purposes = desk.sent().map(({ purpose, to }) => `${purpose} ${to.toLowerCase()}`)
    assert.deepEqual([...new Set(purposes)], ['contact-taken bo@example.com'])
    assert.deepEqual(await emailOf(desk), ['ann@example.com', true])
  })

  it('tells the old address, whose link brings it back once and ends all sessions', async () => {
    const desk = await aDesk()
    await began(desk)
    await confirmContactChange(desk.ports)(desk.doer(), 'email', desk.code())
    const told = desk.written.messages.findLast(({ purpose }) => purpose === 'contact-changed')
    assert.equal(told?.message.to, 'ann@example.com')
    const { pool } = desk.doer()
    assert.equal(await refusalIn(undoContactChange(desk.ports)(pool, 'x'.repeat(43), FROM)), 'link-unusable')
    desk.wait(60)
    const answers = await Promise.all(
      [1, 2, 3].map(() => refusalIn(undoContactChange(desk.ports)(pool, linkOf(desk), FROM))),
    )
    assert.deepEqual(answers.filter((answer) => answer === null).length, 1)
    assert.deepEqual(await emailOf(desk), ['ann@example.com', true])
    const person = await desk.ports.users.findBySub(pool.id, desk.doer().sub)
    assert.deepEqual(person?.user.sessionsValidAfter, desk.ports.clock.now())
  })

  it('cannot be taken back after seven days', async () => {
    const desk = await aDesk()
    await began(desk)
    await confirmContactChange(desk.ports)(desk.doer(), 'email', desk.code())
    desk.wait(7 * 86_400 + 1)
    assert.equal(await refusalIn(undoContactChange(desk.ports)(desk.doer().pool, linkOf(desk), FROM)), 'link-unusable')
  })
})
