import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aUser, NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney } from '#tests/support/journey.ts'
import { noticeOf } from './doer.ts'

describe('a notice of one’s own act', () => {
  it('goes by SMS ten times a day at most, and by mail every time', async () => {
    const { ports, pool, client } = await aJourney()
    const phone = aUser(pool.id, { attributes: { phone_number: '+4740000001', phone_number_verified: true } })
    const mailbox = aUser(pool.id, { attributes: { email: 'bo@example.com', email_verified: true } })
    const told = async (user: typeof phone, at = NOON) => {
      const doer = { pool, client, locale: 'en' } as const
      const here = { ...ports, clock: { now: () => at } }
      return (await noticeOf(here, doer, user, { id: 'event' }, { purpose: 'recovery-codes-made' })).length
    }
    const count = async (user: typeof phone) => {
      let all = 0
      for (let n = 0; n < 40; n++) all += await told(user)
      return all
    }
    assert.deepEqual([await count(phone), await count(mailbox)], [10, 40])
    assert.equal(await told(phone, secondsLater(24 * 3600)), 1)
  })
})
