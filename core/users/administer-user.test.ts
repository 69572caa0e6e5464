import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secondsLater } from '#tests/support/builders.ts'
import { codeOf, expectOk, GOOD_PASSWORD as GOOD, poolWithAnn as setup } from '#tests/support/memory/administration.ts'

describe('making an account for someone', () => {
  it('refuses what nobody could sign in with, bad values and easy passwords, and writes nothing', async () => {
    const { users, pool, events } = await setup()
    const attempts = [
      { attributes: {} },
      { attributes: { email: 'not an address' } },
      { attributes: { email: 'ann@example.com', nonsense: 'x' } },
      { attributes: { email: 'ann@example.com', sub: 'x' } },
      { attributes: { email: 'ann@example.com' }, username: 'ann' },
      { attributes: { email: 'ann@example.com' }, password: { value: 'short', isTemporary: false } },
      { attributes: { email: 'ann@example.com' }, password: { value: 'Password1234567', isTemporary: true } },
      {
        attributes: { email: 'annabelle@example.com' },
        password: { value: 'annabelle@example.com', isTemporary: false },
      },
    ]
    const codes = await Promise.all(attempts.map(async (attempt) => codeOf(await users.create({ pool, ...attempt }))))
    assert.deepEqual(codes, [
      'attribute-missing email',
      'attribute-format email',
      'attribute-unknown nonsense',
      'attribute-immutable sub',
      'attribute-unknown username',
      'new-password-short password',
      'new-password-common password',
      'new-password-common password',
    ])
    assert.deepEqual(events(), [])
  })

  it('refuses a name in use, in any spelling', async () => {
    const { users, pool, ann } = await setup()
    await ann()
    assert.equal(codeOf(await users.create({ pool, attributes: { email: 'ANN@EXAMPLE.COM' } })), 'name-taken email')
  })

  it('asks the operator’s trigger first, and stops when it refuses', async () => {
    const { users, pool, refuseAt, triggerCalls, events } = await setup()
    refuseAt('preSignUp')
    assert.equal(codeOf(await users.create({ pool, attributes: { email: 'ann@example.com' } })), 'trigger-refused')
    assert.deepEqual(triggerCalls, ['preSignUp admin-create'])
    assert.deepEqual(events(), [])
  })

  it('needs a user name where those sign in, and takes none like an address', async () => {
    const { users, pool, ports } = await setup({ signInNames: ['username', 'email'] })
    const attributes = { email: 'ann@example.com', email_verified: true }
    assert.equal(codeOf(await users.create({ pool, attributes })), 'identifier-empty username')
    assert.equal(codeOf(await users.create({ pool, attributes, username: 'ann@home' })), 'identifier-format username')
    const user = expectOk(await users.create({ pool, attributes, username: 'Ann' }))
    assert.equal(user.username, 'Ann')
    for (const name of ['ann', 'ann@example.com'])
      assert.equal((await ports.users.findByName(pool.id, name))?.user.sub, user.sub)
  })

  it('is confirmed with a password of its own, and must choose one after a temporary one, which expires', async () => {
    const { ann, users, pool, ports, events } = await setup({ passwordPolicy: { temporaryPasswordDays: 2 } })
    const own = await ann()
    assert.deepEqual([own.status, own.username], ['CONFIRMED', own.sub])
    const bo = expectOk(
      await users.create({
        pool,
        attributes: { email: 'bo@example.com' },
        password: { value: GOOD, isTemporary: true },
      }),
    )
    assert.equal(bo.status, 'FORCE_CHANGE_PASSWORD')
    const stored = (await ports.users.findBySub(pool.id, bo.sub))?.password
    assert.deepEqual([stored?.isTemporary, stored?.expiresAt], [true, secondsLater(2 * 86_400)])
    assert.deepEqual(events(), ['user.created', 'user.created'])
  })
})

describe('setting a password in somebody’s name', () => {
  it('holds to the rules and to the history, but for temporary ones', async () => {
    const { ann, users, pool } = await setup({ passwordPolicy: { historySize: 2 } })
    const { sub } = await ann()
    assert.equal(
      codeOf(await users.setPassword({ pool, sub, password: 'short', isTemporary: true })),
      'new-password-short password',
    )
    assert.equal(
      codeOf(await users.setPassword({ pool, sub, password: GOOD, isTemporary: false })),
      'new-password-same password',
    )
    expectOk(await users.setPassword({ pool, sub, password: 'a swim in the lake', isTemporary: false }))
    assert.equal(
      codeOf(await users.setPassword({ pool, sub, password: GOOD, isTemporary: false })),
      'new-password-same password',
    )
    assert.equal(codeOf(await users.setPassword({ pool, sub, password: GOOD, isTemporary: true })), 'ok')
  })

  it('ends sessions and says what the person must do', async () => {
    const { ann, users, pool, setTime, events } = await setup()
    const { sub } = await ann()
    setTime(secondsLater(60))
    const user = expectOk(await users.setPassword({ pool, sub, password: 'a swim in the lake', isTemporary: true }))
    assert.deepEqual([user.status, user.sessionsValidAfter], ['FORCE_CHANGE_PASSWORD', secondsLater(60)])
    assert.equal(
      expectOk(await users.setPassword({ pool, sub, password: 'a ride on the train', isTemporary: false })).status,
      'CONFIRMED',
    )
    assert.deepEqual(events(), ['user.created', 'password.changed', 'password.changed'])
  })
})

describe('the state of an account', () => {
  it('ends sessions when disabled and when signed out everywhere; enabling brings none back', async () => {
    const { ann, users, pool, setTime, events } = await setup()
    const { sub } = await ann()
    setTime(secondsLater(60))
    assert.deepEqual(
      [
        expectOk(await users.disable({ pool, sub })).enabled,
        expectOk(await users.disable({ pool, sub })).sessionsValidAfter,
      ],
      [false, secondsLater(60)],
    )
    setTime(secondsLater(120))
    assert.deepEqual(expectOk(await users.enable({ pool, sub })).sessionsValidAfter, secondsLater(60))
    assert.deepEqual(expectOk(await users.signOut({ pool, sub })).sessionsValidAfter, secondsLater(120))
    assert.deepEqual(events(), [
      'user.created',
      'user.disabled',
      'user.disabled',
      'user.enabled',
      'sign_out.everywhere',
    ])
  })

  it('is confirmed once, and the operator’s trigger hears of it', async () => {
    const { ann, users, pool, ports, triggerCalls } = await setup()
    const { sub } = await ann()
    assert.equal(codeOf(await users.confirm({ pool, sub })), 'state-refused')
    await ports.writer.update(pool.id, sub, { status: 'UNCONFIRMED', at: secondsLater(0) }, { events: [] })
    const user = expectOk(await users.confirm({ pool, sub }))
    assert.deepEqual([user.status, user.attributes.email_verified], ['CONFIRMED', true])
    assert.deepEqual(triggerCalls, ['preSignUp admin-create', 'postConfirmation sign-up'])
  })

  it('is gone after deletion, and its events keep the sub alone', async () => {
    const { ann, users, pool, book, events } = await setup()
    const { sub } = await ann()
    expectOk(await users.delete({ pool, sub }))
    assert.equal(codeOf(await users.find(pool, sub)), 'user-missing')
    assert.equal(codeOf(await users.delete({ pool, sub })), 'user-missing')
    assert.deepEqual(events(), ['user.created', 'user.deleted'])
    assert.equal(JSON.stringify(book.events).includes('ann@example.com'), false)
  })
})

describe('changing attributes in somebody’s name', () => {
  it('moves the sign-in name with the address, and frees the old one', async () => {
    const { ann, users, pool } = await setup()
    const { sub } = await ann()
    const user = expectOk(
      await users.changeAttributes({ pool, sub, attributes: { email: 'Ann@new.example', nickname: 'A' } }),
    )
    assert.deepEqual(user.attributes, { email: 'Ann@new.example', email_verified: false, nickname: 'A' })
    assert.equal(codeOf(await users.find(pool, 'ann@example.com')), 'user-missing')
    assert.equal(expectOk(await users.find(pool, 'ann@new.example')).sub, sub)
  })
  it('refuses an address that is someone else’s name, and leaves everything as it was', async () => {
    const { ann, users, pool } = await setup()
    const { sub } = await ann()
    await ann({ attributes: { email: 'bo@example.com' } })
    assert.equal(
      codeOf(await users.changeAttributes({ pool, sub, attributes: { email: 'bo@example.com', nickname: 'A' } })),
      'name-taken email',
    )
    assert.equal(expectOk(await users.find(pool, sub)).attributes.nickname, undefined)
  })
  it('makes a proven address a name beside the user name, and an unproven one none', async () => {
    const { ann, users, pool } = await setup({ signInNames: ['username', 'email'] })
    const { sub } = await ann({ username: 'ann', attributes: { email: 'ann@example.com' } })
    assert.equal(codeOf(await users.find(pool, 'ann@example.com')), 'user-missing')
    expectOk(await users.changeAttributes({ pool, sub, attributes: { email_verified: 'true' } }))
    assert.equal(expectOk(await users.find(pool, 'ann@example.com')).sub, sub)
  })
})

describe('finding someone', () => {
  it('takes a sub or any name, and nobody of another pool', async () => {
    const { ann, users, pool, makePool } = await setup()
    const { sub } = await ann()
    assert.equal(expectOk(await users.find(pool, sub.toUpperCase())).sub, sub)
    assert.equal(expectOk(await users.find(pool, 'ANN@example.com')).sub, sub)
    const other = await makePool()
    for (const name of [sub, 'ann@example.com']) assert.equal(codeOf(await users.find(other, name)), 'user-missing')
    for (const name of ['', 'nobody', '\0']) assert.equal(codeOf(await users.find(pool, name)), 'user-missing')
  })
})
