import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import pg from 'pg'
import { smtpMailer } from '#adapters/mail/smtp-mailer.ts'
import { messageStatement } from '#adapters/postgres/alongside.ts'
import { pgOutbox } from '#adapters/postgres/pg-outbox.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import { capturedSms } from '#adapters/sms/captured-sms.ts'
import { outboxWorker } from '#server/jobs/outbox-worker.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { type MailServer, type Received, smtpReply, startMailServer } from '#tests/support/mail-server.ts'
import { aMail, handClock } from '#tests/support/sample-messages.ts'

// From the row to the wire: PostgreSQL, the worker and a real SMTP server, with a clock that only the test moves.
// A message that takes longer is broken off and sent again: a busy machine is not a slow mail server.
const PATIENCE_MS = 30_000

const setUp = async (t: TestContext, server: MailServer, workers = 1, totalTimeoutMs = PATIENCE_MS) => {
  const database = await freshDatabase()
  const pool = new pg.Pool({ connectionString: database.connectionString })
  t.after(async () => {
    await pool.end()
    await database.drop()
  })
  const secrets = keyRing('a secret of at least forty-three characters, for tests')
  const outbox = pgOutbox({ pool, secrets, keepContent: false })
  const clock = handClock()
  const team = Array.from({ length: workers }, () =>
    outboxWorker({
      outbox,
      mailer: smtpMailer({
        url: server.url,
        from: 'login@meridian.example',
        production: false,
        totalTimeoutMs,
      }),
      sms: capturedSms,
      clock,
      random: systemRandom,
      log: () => {},
    }),
  )
  const add = async (to: string, text: string): Promise<void> => {
    const message = aMail({ to, made: clock.seconds(), expires: clock.seconds() + 3_600, text })
    const { text: sql, values } = messageStatement(message, secrets)
    await pool.query(sql, [...values])
  }
  /** Minutes of simulated time, or until nothing waits. */
  const work = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.move(1)
      await Promise.all(team.map((worker) => worker.round()))
      if ((await outbox.counts()).email.waiting === 0) return
    }
  }
  return { outbox, clock, add, work, pool }
}

const textsTo = (received: readonly Received[], to: string): (string | undefined)[] =>
  received.filter((one) => one.to[0] === to).map(({ mail }) => mail.text?.trim())

describe('messages on their way to a real mail server', () => {
  it('leave once each and in order for each person, with two workers at it', async (t) => {
    const server = await startMailServer()
    t.after(server.close)
    const { add, work, clock } = await setUp(t, server, 2)
    for (let index = 0; index < 30; index += 1) {
      await add(`p${index % 6}@example.com`, `message ${index}`)
      clock.move(0.01)
    }
    await work(30)
    assert.equal(server.received.length, 30)
    assert.equal(new Set(server.received.map(({ mail }) => mail.messageId)).size, 30)
    for (let person = 0; person < 6; person += 1) {
      const expected = Array.from({ length: 5 }, (_, round) => `message ${person + 6 * round}`)
      assert.deepEqual(textsTo(server.received, `p${person}@example.com`), expected)
    }
  })

  it('wait while the server is down for minutes, and leave in order, once, when it is back', async (t) => {
    const first = await startMailServer()
    const { add, work, outbox, clock } = await setUp(t, first)
    await add('ann@example.com', 'before')
    await work(5)
    await first.close()

    for (let index = 0; index < 12; index += 1) {
      await add(`p${index % 4}@example.com`, `during ${index}`)
      await work(15)
    }
    assert.equal((await outbox.counts()).email.waiting, 12)
    assert.equal((await outbox.counts()).email.dead, 0)

    const second = await startMailServer({}, { port: first.port, received: first.received })
    t.after(second.close)
    const back = clock.seconds()
    await work(120)
    // Tried again at least every minute and a half of an outage.
    assert.ok(clock.seconds() - back <= 90, `${clock.seconds() - back} s`)
    assert.deepEqual(
      second.received.map(({ mail }) => mail.text?.trim()).toSorted(),
      ['before', ...Array.from({ length: 12 }, (_, index) => `during ${index}`)].toSorted(),
    )
    for (let person = 0; person < 4; person += 1) {
      const expected = [0, 4, 8].map((round) => `during ${person + round}`)
      assert.deepEqual(textsTo(second.received, `p${person}@example.com`), expected)
    }
  })

  it('end as dead letters where the recipient does not exist, and hold up nobody', async (t) => {
    const server = await startMailServer({
      onRecipient: (address) => {
        if (address.startsWith('nobody')) throw smtpReply(550, `5.1.1 <${address}> unknown`)
      },
    })
    t.after(server.close)
    const { add, work, outbox, pool } = await setUp(t, server)
    await add('nobody@example.com', 'lost')
    await add('ann@example.com', 'found')
    await work(10)
    assert.deepEqual(
      server.received.map(({ to }) => to),
      [['ann@example.com']],
    )
    assert.equal((await outbox.counts()).email.dead, 1)
    const { rows } = await pool.query("SELECT last_error, sealed FROM outbox WHERE status = 'dead'")
    assert.equal(rows[0].sealed, null)
    assert.match(rows[0].last_error, /550/)
    assert.doesNotMatch(rows[0].last_error, /nobody/)
  })

  it('are broken off at a server that is too slow, and are delivered once when it is itself again', async (t) => {
    let isSlow = true
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const server = await startMailServer({ onRecipient: () => (isSlow ? held : undefined) })
    t.after(server.close)
    const { add, work, outbox } = await setUp(t, server, 1, 2_000)
    await add('ann@example.com', 'patience')
    await work(1)
    assert.equal((await outbox.counts()).email.waiting, 1)
    isSlow = false
    release()
    await work(60)
    assert.deepEqual(textsTo(server.received, 'ann@example.com'), ['patience'])
  })

  it('are tried again after a passing refusal, under the same Message-ID', async (t) => {
    let refusals = 3
    const server = await startMailServer({
      beforeAccepting: () => {
        refusals -= 1
        if (refusals >= 0) throw smtpReply(451, '4.7.1 greylisted')
      },
    })
    t.after(server.close)
    const { add, work } = await setUp(t, server)
    await add('ann@example.com', 'again')
    await work(60)
    assert.deepEqual(textsTo(server.received, 'ann@example.com'), ['again'])
  })
})
