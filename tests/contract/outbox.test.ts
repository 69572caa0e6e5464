import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { messageStatement } from '#adapters/postgres/alongside.ts'
import { pgOutbox } from '#adapters/postgres/pg-outbox.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { CapturedMessages, ClaimedMessage, MessageChannel, Outbox } from '#core/messages/ports.ts'
import type { NewMessage } from '#core/shared/alongside.ts'
import { type FreshDatabase, freshDatabase } from '#tests/support/database.ts'
import { memoryOutbox } from '#tests/support/memory/outbox.ts'
import { aMail, anSms, at } from '#tests/support/sample-messages.ts'

interface Subject {
  outbox: Outbox & CapturedMessages
  add(message: NewMessage): Promise<void>
  close(): Promise<void>
}

const secrets = keyRing('a secret of at least forty-three characters, for tests')
let database: FreshDatabase
before(async () => {
  database = await freshDatabase()
})
after(() => database.drop())

const add = async (pool: pg.Pool, message: NewMessage): Promise<void> => {
  const { text, values } = messageStatement(message, secrets)
  await pool.query(text, [...values])
}

const subjects: Record<string, () => Promise<Subject>> = {
  'in memory': async () => {
    const outbox = memoryOutbox()
    return { outbox, add: async (message) => outbox.add(message), close: async () => {} }
  },
  'in PostgreSQL': async () => {
    const pool = new pg.Pool({ connectionString: database.connectionString, max: 8 })
    await pool.query('TRUNCATE outbox')
    return {
      outbox: pgOutbox({ pool, secrets, keepContent: true }),
      add: (message) => add(pool, message),
      close: () => pool.end(),
    }
  },
}

for (const [name, open] of Object.entries(subjects)) {
  const outboxIt = (title: string, body: (subject: Subject, claim: Claim) => Promise<void>) =>
    it(title, async () => {
      const subject = await open()
      const claim: Claim = (seconds, { limit = 10, channel = 'email' } = {}) =>
        subject.outbox.claim({ channel, limit, now: at(seconds), leaseSeconds: 60 })
      try {
        await body(subject, claim)
      } finally {
        await subject.close()
      }
    })
  type Claim = (
    seconds: number,
    more?: { limit?: number; channel?: MessageChannel },
  ) => Promise<readonly ClaimedMessage[]>
  const recipients = (claimed: readonly ClaimedMessage[]): string[] => claimed.map(({ message }) => message.to)
  const first = ([claimed]: readonly ClaimedMessage[]): ClaimedMessage => {
    assert.ok(claimed)
    return claimed
  }

  describe(`the outbox ${name}`, () => {
    outboxIt('lets nothing out that was withheld, shows it to nobody, and drops it', async ({ outbox, add }, claim) => {
      const message: NewMessage = { ...aMail({ to: 'ann@example.com', made: 1 }), isWithheld: true }
      await add(message)
      assert.deepEqual(await claim(2), [])
      assert.deepEqual(await outbox.latest({ limit: 10 }), [])
      assert.equal(await outbox.find(message.id), null)
      assert.equal(await outbox.buryExpired(at(2)), 0)
      assert.deepEqual((await outbox.counts()).email, { waiting: 0, dead: 0, oldestAt: null })
      assert.deepEqual(await claim(1e6), [])
    })

    outboxIt('hands out what is due, oldest first, up to the limit, opened', async ({ add }, claim) => {
      const messages = ['c', 'a', 'b'].map((who, index) => aMail({ to: `${who}@example.com`, made: index }))
      for (const message of messages.toReversed()) await add(message)
      const taken = await claim(10, { limit: 2 })
      assert.deepEqual(recipients(taken), ['c@example.com', 'a@example.com'])
      assert.deepEqual(first(taken), {
        id: messages[0]?.id,
        poolId: messages[0]?.poolId,
        purpose: 'sign-up-code',
        message: messages[0]?.message,
        createdAt: at(0),
        expiresAt: null,
        attempt: 1,
      })
      assert.deepEqual(recipients(await claim(10)), ['b@example.com'])
      assert.deepEqual(await claim(10), [])
    })

    outboxIt('keeps mail and SMS apart', async ({ add }, claim) => {
      await add(aMail({ to: 'a@example.com', made: 0 }))
      await add(anSms({ to: '+4915100000001', made: 1 }))
      assert.deepEqual(recipients(await claim(2, { channel: 'sms' })), ['+4915100000001'])
      assert.deepEqual(recipients(await claim(2, { channel: 'email' })), ['a@example.com'])
    })

    outboxIt(
      'lets a later message to the same person wait until the earlier one is done',
      async ({ add, outbox }, claim) => {
        await add(aMail({ to: 'a@example.com', made: 0 }))
        await add(aMail({ to: 'a@example.com', made: 1 }))
        await add(aMail({ to: 'b@example.com', made: 2 }))
        const taken = await claim(10)
        assert.deepEqual(recipients(taken), ['a@example.com', 'b@example.com'])
        await outbox.markFailed(first(taken), { error: 'later', nextAttemptAt: at(100) })
        assert.deepEqual(await claim(50), [])
        const again = first(await claim(100))
        assert.deepEqual([again.id, again.attempt], [taken[0]?.id, 2])
        await outbox.markSent(again, at(101))
        assert.deepEqual(recipients(await claim(101)), ['a@example.com'])
      },
    )

    outboxIt('takes the same address in two pools for two people', async ({ add }, claim) => {
      await add(aMail({ to: 'a@example.com', made: 0, poolId: 'eu-local-1_PoolAAAAA' }))
      await add(aMail({ to: 'a@example.com', made: 1, poolId: 'eu-local-1_PoolBBBBB' }))
      assert.equal((await claim(2)).length, 2)
    })

    outboxIt('hands a message out again when the lease ends without a word', async ({ add, outbox }, claim) => {
      await add(aMail({ to: 'a@example.com', made: 0 }))
      const lost = first(await claim(0))
      assert.deepEqual(await claim(59), [])
      const taken = first(await claim(60))
      assert.deepEqual([taken.id, taken.attempt], [lost.id, 2])
      // The first worker was only slow: its word changes nothing of the second one's claim.
      await outbox.markFailed(lost, { error: 'x', nextAttemptAt: at(61) })
      await outbox.release(lost, { error: 'x', at: at(61) })
      await outbox.bury(lost, { error: 'x' })
      assert.deepEqual(await claim(62), [])
      // But what was sent was sent.
      await outbox.markSent(lost, at(63))
      await outbox.markFailed(taken, { error: 'x', nextAttemptAt: at(64) })
      assert.deepEqual(await claim(1_000), [])
    })

    outboxIt('does not count a try that the transport is to blame for', async ({ add, outbox }, claim) => {
      await add(aMail({ to: 'a@example.com', made: 0 }))
      await outbox.release(first(await claim(0)), { error: 'refused', at: at(1) })
      assert.deepEqual(await claim(0), [])
      assert.equal(first(await claim(1)).attempt, 1)
    })

    outboxIt('buries: not handed out any more, and out of the way of the next', async ({ add, outbox }, claim) => {
      await add(aMail({ to: 'a@example.com', made: 0 }))
      await add(aMail({ to: 'a@example.com', made: 1 }))
      const dead = first(await claim(2))
      await outbox.bury(dead, { error: 'nobody' })
      assert.equal((await outbox.find(dead.id))?.status, 'dead')
      const next = await claim(2)
      assert.equal(next.length, 1)
      assert.notEqual(first(next).id, dead.id)
    })

    outboxIt(
      'gives up what is past its use, waiting or between two tries, but not what is being sent',
      async (subject, claim) => {
        const { add, outbox } = subject
        await add(aMail({ to: 'a@example.com', made: 0, expires: 100 }))
        await add(aMail({ to: 'b@example.com', made: 1, expires: 100 }))
        await add(aMail({ to: 'c@example.com', made: 2, expires: 100 }))
        await add(aMail({ to: 'd@example.com', made: 3 }))
        const [a, b] = await claim(50, { limit: 2 })
        assert.ok(a && b)
        await outbox.markFailed(a, { error: 'later', nextAttemptAt: at(500) })
        assert.equal(await outbox.buryExpired(at(99)), 0)
        assert.equal(await outbox.buryExpired(at(100)), 2) // b is leased until 110
        assert.deepEqual(recipients(await claim(100)), ['d@example.com'])
        await outbox.markSent(b, at(101))
        assert.deepEqual(await outbox.counts(), {
          email: { waiting: 1, dead: 2, oldestAt: at(3) },
          sms: { waiting: 0, dead: 0, oldestAt: null },
        })
      },
    )

    outboxIt('forgets what is done and old, and nothing that waits', async ({ add, outbox }, claim) => {
      for (const [index, who] of ['a', 'b', 'c'].entries()) await add(aMail({ to: `${who}@example.com`, made: index }))
      const [a, b] = await claim(5)
      assert.ok(a && b)
      await outbox.markSent(a, at(6))
      await outbox.bury(b, { error: 'x' })
      assert.equal(await outbox.sweep(at(1)), 1)
      assert.equal(await outbox.sweep(at(100)), 1)
      assert.equal((await outbox.counts()).email.waiting, 1)
    })

    outboxIt('shows what it captured, newest first, for one recipient in any case', async ({ add, outbox }) => {
      await add(aMail({ to: 'Ann@example.com', made: 0, text: 'one' }))
      await add(anSms({ to: '+4915100000001', made: 1 }))
      await add(aMail({ to: 'ann@example.com', made: 2, text: 'two' }))
      const all = await outbox.latest({ limit: 2 })
      assert.deepEqual(
        all.map(({ message }) => message.to),
        ['ann@example.com', '+4915100000001'],
      )
      const anns = await outbox.latest({ limit: 10, to: 'ANN@example.com' })
      assert.deepEqual(
        anns.map(({ message }) => message.text),
        ['two', 'one'],
      )
      assert.equal(anns[0]?.status, 'queued')
      assert.equal(await outbox.find('00000000-0000-7000-8000-000000000000'), null)
      assert.equal(await outbox.find("' OR true"), null)
    })

    outboxIt(
      'never hands one message to two workers: 50 rounds of 20 messages and 4 workers',
      async ({ add, outbox }) => {
        for (let round = 0; round < 50; round += 1) {
          const made = Array.from({ length: 20 }, (_, index) =>
            aMail({ to: `p${index % 13}@example.com`, made: round * 100 + index }),
          )
          await Promise.all(made.map(add))
          const sent: ClaimedMessage[] = []
          const worker = async (): Promise<void> => {
            while (sent.length < made.length) {
              const taken = await outbox.claim({
                channel: 'email',
                limit: 5,
                now: at(round * 100 + 50),
                leaseSeconds: 60,
              })
              for (const claimed of taken) {
                sent.push(claimed)
                await outbox.markSent(claimed, at(round * 100 + 50))
              }
            }
          }
          await Promise.all([worker(), worker(), worker(), worker()])
          assert.equal(sent.length, 20)
          assert.equal(new Set(sent.map(({ id }) => id)).size, 20)
          for (const { message } of sent) {
            const order = sent.filter((other) => other.message.to === message.to).map(({ id }) => id)
            assert.deepEqual(order, order.toSorted())
          }
        }
      },
    )
  })
}

describe('the outbox in PostgreSQL, its content', () => {
  const withPool = async (body: (pool: pg.Pool) => Promise<void>): Promise<void> => {
    const pool = new pg.Pool({ connectionString: database.connectionString })
    await pool.query('TRUNCATE outbox')
    try {
      await body(pool)
    } finally {
      await pool.end()
    }
  }

  it('is sealed while it waits and gone once it was sent or given up', () =>
    withPool(async (pool) => {
      const outbox = pgOutbox({ pool, secrets, keepContent: false })
      await add(pool, aMail({ to: 'ann@example.com', made: 0, text: 'Tell-tale' }))
      await add(pool, aMail({ to: 'bo@example.com', made: 1, text: 'Tell-tale' }))
      await add(pool, aMail({ to: 'cy@example.com', made: 2, expires: 3, text: 'Tell-tale' }))
      const { rows: waiting } = await pool.query('SELECT outbox::text AS row FROM outbox')
      for (const { row } of waiting) assert.doesNotMatch(row, /Tell-tale|example\.com|123 456/)
      const [ann, bo] = await outbox.claim({ channel: 'email', limit: 2, now: at(2), leaseSeconds: 60 })
      assert.ok(ann && bo)
      await outbox.markSent(ann, at(3))
      await outbox.bury(bo, { error: 'x' })
      await outbox.buryExpired(at(3))
      const { rows } = await pool.query('SELECT status, sealed FROM outbox ORDER BY id')
      assert.deepEqual(rows, [
        { status: 'sent', sealed: null },
        { status: 'dead', sealed: null },
        { status: 'dead', sealed: null },
      ])
      assert.deepEqual(await outbox.latest({ limit: 10 }), [])
    }))

  it('opens in its own row alone: one copied elsewhere is buried, and the others leave', () =>
    withPool(async (pool) => {
      const outbox = pgOutbox({ pool, secrets, keepContent: false })
      await add(pool, aMail({ to: 'ann@example.com', made: 0 }))
      await add(pool, aMail({ to: 'bo@example.com', made: 1 }))
      await pool.query('UPDATE outbox SET sealed = (SELECT sealed FROM outbox ORDER BY id DESC LIMIT 1)')
      const taken = await outbox.claim({ channel: 'email', limit: 10, now: at(2), leaseSeconds: 60 })
      assert.deepEqual(
        taken.map(({ message }) => message.to),
        ['bo@example.com'],
      )
      assert.equal((await outbox.counts()).email.dead, 1)
    }))
})
