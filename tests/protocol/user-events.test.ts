/** What happened to a person, and what is said of it, on the command line. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CommandLine, openCommandLine } from '#tests/support/command-line.ts'

const POOL = ['--pool', 'People'] as const

describe('the history of a person on the command line', () => {
  let line: CommandLine
  let sub: string
  let signIn: string
  before(async () => {
    line = await openCommandLine()
    await line.done('pools', 'create', 'People')
    const made = await line.json('users', 'create', ...POOL, 'email=ann@example.com', 'email_verified=true')
    sub = made.sub
    const [row] = await line.rowsOf(
      `INSERT INTO auth_event (id, pool_id, type, outcome, sub, ip, user_agent, detail, created_at, place, risk)
       SELECT gen_random_uuid(), pool_id, 'sign_in', 'success', sub, '192.0.2.1', 'Mozilla/5.0 (Windows NT 10.0) Chrome/138.0',
              '{"amr":"pwd"}', now() + interval '1 minute', '{"country":"DE","city":"Berlin"}',
              '{"score":0.5,"level":"medium","decision":"allow","effect":"allow","because":[],"parts":[]}'
       FROM auth_event WHERE sub = $1 LIMIT 1 RETURNING id`,
      sub,
    )
    signIn = String(row?.id)
  })
  after(() => line?.close())

  it('comes the newest first, page by page', async () => {
    const { done, json, run } = line
    const { out } = await done('users', 'events', 'ann@example.com', ...POOL)
    assert.match(out, /^WHEN .*\n\S+Z +sign_in +success +192\.0\.2\.1 +Berlin, DE +medium/)
    const first = await json('users', 'events', sub, ...POOL, '--limit', '1')
    const second = await json('users', 'events', sub, ...POOL, '--limit', '1', '--after', first.next)
    assert.deepEqual([first.events[0].type, second.events[0].type], ['sign_in', 'user.created'])
    assert.equal((await run(['users', 'events', sub, ...POOL, '--after', 'nonsense'])).code, 2)
    assert.equal((await run(['users', 'events', sub, ...POOL, '--limit', '0'])).code, 2)
    assert.equal((await run(['users', 'events', 'bo@example.com', ...POOL])).code, 1)
  })

  it('can be had as Cognito tells it', async () => {
    const { AuthEvents } = JSON.parse((await line.done('users', 'events', sub, ...POOL, '--cognito')).out)
    assert.equal(AuthEvents.length, 1)
    const { CreationDate, ...event } = AuthEvents[0]
    assert.equal(typeof CreationDate, 'number')
    assert.deepEqual(event, {
      EventId: signIn,
      EventType: 'SignIn',
      EventResponse: 'Pass',
      EventRisk: { RiskDecision: 'AccountTakeover', RiskLevel: 'Medium', CompromisedCredentialsDetected: false },
      ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Success' }],
      EventContextData: {
        IpAddress: '192.0.2.1',
        DeviceName: 'Chrome 138, Windows 10',
        City: 'Berlin',
        Country: 'Germany',
      },
    })
  })

  it('takes the word of an administrator, once, and ends the sessions with an “invalid”', async () => {
    const { run, rowsOf, json } = line
    const say = (...words: string[]) => run(['users', 'feedback', 'ann@example.com', ...words, ...POOL])
    const validAfter = async () =>
      (await rowsOf('SELECT sessions_valid_after::text AS at FROM user_account WHERE sub = $1', sub))[0]?.at
    assert.deepEqual([(await say(signIn)).code, (await say(signIn, 'perhaps')).code], [2, 2])
    assert.match((await say('no-id', 'invalid')).err, /^sign-in-missing/)
    const before = await validAfter()
    assert.equal((await say(signIn, 'invalid')).code, 0)
    assert.notEqual(await validAfter(), before)
    assert.match((await say(signIn, 'valid')).err, /^sign-in-answered: That sign-in was answered already/)
    const { AuthEvents } = await json('users', 'events', sub, ...POOL, '--cognito')
    assert.equal(AuthEvents.at(-1).EventFeedback.FeedbackValue, 'Invalid')
    assert.equal(AuthEvents.at(-1).EventFeedback.Provider, 'cli:test')
    const { events } = await json('users', 'events', sub, ...POOL)
    const judged = events.find(({ type }: { type: string }) => type === 'sign_in.judged')
    assert.deepEqual(judged.detail, { signIn, value: 'invalid', by: 'cli:test' })
  })
})
