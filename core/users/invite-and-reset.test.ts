import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secondsLater } from '#tests/support/builders.ts'
import { codeOf, expectOk, GOOD_PASSWORD as GOOD, poolWithAnn as setup } from '#tests/support/memory/administration.ts'

describe('inviting', () => {
  it('refuses someone with a password of their own, or without an address', async () => {
    const { ann, users, pool } = await setup({ signInNames: ['username'] })
    const withPassword = await ann({ username: 'ann' })
    assert.equal(codeOf(await users.invite({ pool, sub: withPassword.sub })), 'state-refused')
    const bo = expectOk(await users.create({ pool, username: 'bo', attributes: {} }))
    assert.equal(codeOf(await users.invite({ pool, sub: bo.sub })), 'attribute-missing email')
    assert.equal(codeOf(await users.invite({ pool, sub: bo.sub, channel: 'sms' })), 'attribute-missing phone_number')
    assert.equal(codeOf(await users.invite({ pool, sub: '3f2b6c1e-0000-4000-8000-000000000001' })), 'user-missing')
  })

  it('changes nothing when the operator’s trigger refuses the message', async () => {
    const { users, pool, refuseAt, book, ports } = await setup()
    const user = expectOk(await users.create({ pool, attributes: { email: 'bo@example.com' } }))
    refuseAt('customMessage')
    assert.equal(codeOf(await users.invite({ pool, sub: user.sub })), 'trigger-refused')
    assert.equal(book.messages.length, 0)
    assert.equal((await ports.users.findBySub(pool.id, user.sub))?.password, null)
  })

  it('sends a temporary password that works and fits the rules; asking again replaces it', async () => {
    const { users, pool, book, ports, triggerCalls } = await setup({ passwordPolicy: { preset: 'cognito' } })
    const user = expectOk(
      await users.create({ pool, attributes: { email: 'bo@example.com', phone_number: '+4930123456' } }),
    )
    const sent: string[] = []
    for (const channel of ['email', 'sms'] as const) {
      assert.equal(expectOk(await users.invite({ pool, sub: user.sub, channel })).channel, channel)
      const message = book.messages.at(-1)?.message
      assert.equal(message?.to, channel === 'email' ? 'bo@example.com' : '+4930123456')
      sent.push(/[A-Za-z2-9]{5}-[A-Za-z2-9]{5}-[A-Za-z2-9]{5}/.exec(message?.text ?? '')?.[0] ?? '')
      const password = (await ports.users.findBySub(pool.id, user.sub))?.password
      assert.equal(await ports.passwords.verify(sent.at(-1) ?? '', password?.hash ?? null), true)
      assert.equal(password?.isTemporary, true)
    }
    assert.notEqual(sent[0], sent[1])
    assert.deepEqual(triggerCalls.slice(1), ['customMessage admin-create-user', 'customMessage admin-create-user'])
  })

  it('keeps the temporary password out of events', async () => {
    const { users, pool, book } = await setup()
    const user = expectOk(await users.create({ pool, attributes: { email: 'bo@example.com' } }))
    await users.invite({ pool, sub: user.sub })
    const plain = /[A-Za-z2-9]{5}(?:-[A-Za-z2-9]{5})+/.exec(book.messages.at(-1)?.message.text ?? '')?.[0] ?? 'none'
    assert.equal(JSON.stringify(book.events).includes(plain), false)
  })
})

describe('resetting a password', () => {
  it('refuses who was never confirmed, has only a temporary password, or no proven address', async () => {
    const { users, pool } = await setup()
    const temporary = expectOk(
      await users.create({
        pool,
        attributes: { email: 'a@example.com', email_verified: true },
        password: { value: GOOD, isTemporary: true },
      }),
    )
    assert.equal(codeOf(await users.resetPassword({ pool, sub: temporary.sub })), 'state-refused')
    const unproven = expectOk(
      await users.create({
        pool,
        attributes: { email: 'b@example.com' },
        password: { value: GOOD, isTemporary: false },
      }),
    )
    assert.equal(codeOf(await users.resetPassword({ pool, sub: unproven.sub })), 'attribute-missing email')
  })

  it('puts the password out of use, ends sessions and sends a code', async () => {
    const { ann, users, pool, codes, book, setTime, events } = await setup()
    const { sub } = await ann()
    setTime(secondsLater(60))
    const { user, channel } = expectOk(await users.resetPassword({ pool, sub }))
    assert.deepEqual([user.status, user.sessionsValidAfter, channel], ['RESET_REQUIRED', secondsLater(60), 'email'])
    assert.equal(codes.length, 1)
    assert.match(
      book.messages[0]?.message.text ?? '',
      new RegExp(`${codes[0]?.codePlain.slice(0, 3)}.?${codes[0]?.codePlain.slice(3)}`),
    )
    assert.deepEqual(events(), ['user.created', 'recovery.started', 'code.sent'])
    assert.equal(JSON.stringify(book.events).includes(codes[0]?.codePlain ?? 'none'), false)
  })

  it('sends another code when asked again', async () => {
    const { ann, users, pool, codes } = await setup()
    const { sub } = await ann()
    for (let n = 0; n < 2; n++) expectOk(await users.resetPassword({ pool, sub }))
    assert.equal(codes.length, 2)
  })
})
