/** What a live session alone cannot do, use-case by use-case. Attacks 50, 51, 53, 56. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Method } from '#core/factors/index.ts'
import { aDesk, refusalIn } from '#tests/support/account-desk.ts'
import {
  askOwnDeletion,
  askOwnExport,
  carryOutDeletions,
  changeOwnPassword,
  changeOwnProfile,
  downloadOwnExport,
  makeExports,
  preferOwnFactor,
  removeOwnFactor,
  renameOwnPasskey,
  renewOwnRecoveryCodes,
  undoDeletion,
} from './index.ts'

const NEXT = 'wandering-teapot-93'

describe('without a fresh proof', () => {
  it('no password, factor, code, copy or account is touched', async () => {
    const desk = await aDesk({ pool: { mfa: 'optional' } })
    await desk.enrol('totp')
    const { ports } = desk
    // A password typed just now is not the factor that this person has.
    const doer = desk.doer({ proofs: [desk.proven('password'), desk.proven('totp', 601)] })
    for (const act of [
      changeOwnPassword(ports)(doer, { current: 'correct-horse-staple', password: NEXT }),
      removeOwnFactor(ports)(doer, 'totp'),
      renewOwnRecoveryCodes(ports)(doer),
      downloadOwnExport(ports)(doer),
      askOwnDeletion(ports)(doer),
    ])
      assert.equal(await refusalIn(act), 'proof-not-fresh')
    assert.equal((await ports.factors.list(doer.pool.id, doer.sub)).length, 1)
    assert.deepEqual(desk.written.messages, [])
  })

  it('of a passkey that begins sign-ins, whoever knows the password takes nothing away', async () => {
    const desk = await aDesk({
      pool: { firstFactors: ['password', 'passkey'], mfa: 'optional', factors: { allowed: ['totp'] } },
    })
    await desk.enrol('passkey')
    const remove = (method: Method) =>
      refusalIn(removeOwnFactor(desk.ports)(desk.doer({ proofs: [desk.proven(method)] }), 'passkey'))
    assert.equal(await remove('password'), 'proof-not-fresh')
    assert.equal(await remove('passkey'), null)
  })
})

describe('one’s own password', () => {
  it('needs the present one, counted before it is compared', async () => {
    const desk = await aDesk()
    const change = (current: string) =>
      refusalIn(changeOwnPassword(desk.ports)(desk.doer(), { current, password: NEXT }))
    assert.equal(await change(''), 'password-empty')
    for (let n = 0; n < 5; n++) assert.equal(await change('wrong'), 'wrong-credentials')
    assert.equal(await change('correct-horse-staple'), 'too-many-attempts')
  })

  it('is another than before, and ends the other sessions', async () => {
    const desk = await aDesk()
    const at = desk.ports.clock.now()
    const session = {
      kind: 'browser',
      signedInAt: at,
      lastSeenAt: at,
      clientIds: [],
      userAgent: null,
      ip: null,
      place: null,
    } as const
    for (const id of ['here', 'there']) desk.sessions.add(desk.doer().sub, { ...session, id })
    const change = (password: string) =>
      refusalIn(changeOwnPassword(desk.ports)(desk.doer(), { current: 'correct-horse-staple', password }))
    assert.equal(await change('correct-horse-staple'), 'new-password-same')
    assert.equal(await change(NEXT), null)
    const left = await desk.sessions.list('', desk.doer().sub)
    assert.deepEqual(
      left.map(({ id }) => id),
      ['here'],
    )
    assert.deepEqual(
      desk.sent().map(({ purpose }) => purpose),
      ['password-changed'],
    )
  })
})

describe('one’s own factors', () => {
  it('keep the last one of a pool that demands one, of two removals at once as well', async () => {
    const desk = await aDesk({ pool: { mfa: 'required' } })
    await desk.enrol('totp')
    await desk.enrol('passkey')
    const doer = desk.doer({ proofs: [desk.proven('totp')] })
    const answers = await Promise.all(['totp', 'passkey'].map((id) => refusalIn(removeOwnFactor(desk.ports)(doer, id))))
    assert.deepEqual(answers.toSorted(), [null, 'last-factor'].toSorted())
  })

  it('are one’s own: an id of somebody else’s is none', async () => {
    const desk = await aDesk()
    await desk.enrol('passkey', 'somebody-else')
    for (const act of [
      removeOwnFactor(desk.ports)(desk.doer(), 'passkey'),
      renameOwnPasskey(desk.ports)(desk.doer(), 'passkey', 'Mine'),
      preferOwnFactor(desk.ports)(desk.doer(), 'passkey'),
    ])
      assert.equal(await refusalIn(act), 'factor-missing')
  })

  it('have names without invisible characters, sixty long at most', async () => {
    const desk = await aDesk()
    await desk.enrol('passkey')
    assert.equal(
      await refusalIn(renameOwnPasskey(desk.ports)(desk.doer(), 'passkey', ' \u202e\u0000 ')),
      'attribute-missing',
    )
    await renameOwnPasskey(desk.ports)(desk.doer(), 'passkey', `\u202eKey ${'x'.repeat(80)}`)
    const [factor] = await desk.ports.factors.list(desk.doer().pool.id, desk.doer().sub)
    assert.equal(factor?.name, `Key ${'x'.repeat(56)}`)
  })
})

describe('one’s own profile', () => {
  it('never says that an address is proven, nor changes one without proof', async () => {
    const desk = await aDesk()
    const before = await desk.ports.users.findBySub(desk.doer().pool.id, desk.doer().sub)
    await changeOwnProfile(desk.ports)(desk.doer(), {
      name: 'Ann',
      email: 'victim@example.com',
      email_verified: 'true',
      phone_number_verified: 'true',
      sub: 'someone-else',
      updated_at: '1',
    })
    const after = await desk.ports.users.findBySub(desk.doer().pool.id, desk.doer().sub)
    assert.deepEqual(after?.user.attributes, { ...before?.user.attributes, name: 'Ann' })
  })
})

describe('a copy of one’s data', () => {
  it('is asked for once, made once, gone after a day, and safe to open in a spreadsheet', async () => {
    const desk = await aDesk()
    const { ports } = desk
    await changeOwnProfile(ports)(desk.doer(), { name: '=cmd()' })
    await askOwnExport(ports)(desk.doer())
    await askOwnExport(ports)(desk.doer())
    const contextOf = async () => ({ pool: desk.doer().pool, client: desk.doer().client })
    assert.equal(await makeExports(ports)(contextOf), 1)
    assert.equal(await makeExports(ports)(contextOf), 0)
    const files = await downloadOwnExport(ports)(desk.doer())
    assert.ok(files.ok)
    assert.match(files.value.csv, /"'=cmd\(\)"/)
    assert.doesNotMatch(files.value.json + files.value.csv, /plain\$|hash/)
    desk.wait(86_401)
    assert.equal(
      await refusalIn(downloadOwnExport(ports)(desk.doer({ proofs: [desk.proven('password')] }))),
      'export-missing',
    )
  })
})

describe('the end of one’s own account', () => {
  it('is asked for once, and comes when the time is there', async () => {
    const desk = await aDesk()
    const { ports } = desk
    const contextOf = async () => ({ pool: desk.doer().pool, client: desk.doer().client })
    const asked = await askOwnDeletion(ports)(desk.doer())
    assert.ok(asked.ok)
    assert.equal(await refusalIn(askOwnDeletion(ports)(desk.doer())), 'user-missing')
    assert.equal(await carryOutDeletions(ports)(contextOf), 0)
    desk.wait(14 * 86_400)
    assert.equal(await carryOutDeletions(ports)(contextOf), 1)
    assert.equal(await ports.users.findBySub(desk.doer().pool.id, desk.doer().sub), null)
    const { token } = asked.value
    assert.equal(
      await refusalIn(undoDeletion(ports)(desk.doer().pool, token, desk.doer().client, desk.doer().context)),
      'link-unusable',
    )
  })
})
