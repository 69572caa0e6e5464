import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { identityAt } from '#core/federation/index.ts'
import { aDesk, refusalIn } from '#tests/support/account-desk.ts'
import { NOON } from '#tests/support/builders.ts'
import { corp } from '#tests/support/fake-directory.ts'
import { accountContent, changeOwnPassword, unlinkOwnIdentity } from './index.ts'
import { ownIdentities } from './own-identities.ts'

const THEIRS = 'theirs-and-right'
const NEXT = 'another-of-theirs'

/** Ann, whose account a directory made, and whose password was captured. */
const fromTheDirectory = async (settings: object = {}) => {
  const desk = await aDesk()
  const { pool, directory, ports } = desk
  const provider = {
    poolId: pool.id,
    name: 'Corp',
    settings: corp({ mayChangePasswords: true, capturesPasswords: true, ...settings }),
    createdAt: NOON,
    updatedAt: NOON,
  }
  await desk.providers.create(provider, null, { events: [] })
  const identity = identityAt(provider, 'uuid-of-ann', { isPrimary: true, at: NOON })
  await ports.identities.link(identity, desk.doer().sub, { events: [] })
  await ports.identities.note(identity, { claims: { uid: 'ann' }, tokens: null, at: NOON }, { into: [], outOf: [] })
  directory.add(['ann'], THEIRS)
  directory.changes = true
  const change = (current: string) => refusalIn(changeOwnPassword(ports)(desk.doer(), { current, password: NEXT }))
  const hash = async () => (await desk.users.findBySub(pool.id, desk.doer().sub))?.password?.hash
  const shown = async () => {
    const found = await accountContent({ ...ports, findClient: async () => null, describeScope: async () => null })(
      desk.doer(),
      'password',
    )
    assert.ok(found.ok && found.value.page === 'password')
    return found.value
  }
  return { ...desk, change, hash, shown }
}

describe('one’s own password, where a directory has the word about it', () => {
  it('is not changed by the captured one, nor without one, nor without end', async () => {
    const desk = await fromTheDirectory()
    const before = await desk.hash()
    assert.equal(await desk.change(''), 'password-empty')
    assert.equal(await desk.change('correct-horse-staple'), 'wrong-credentials')
    for (let n = 0; n < 4; n++) await desk.change('wrong')
    assert.equal(await desk.change(THEIRS), 'too-many-attempts')
    assert.equal(desk.directory.asked.length, 5)
    assert.equal(await desk.hash(), before)
  })

  it('is left to the directory where its settings say so', async () => {
    const desk = await fromTheDirectory()
    desk.directory.changes = false
    assert.equal(await desk.change(THEIRS), 'password-change-refused')
    const failed = desk.written.events.findLast(({ type }) => type === 'password.changed')
    assert.deepEqual([failed?.outcome, failed?.detail.provider], ['failure', 'Corp'])
  })

  it('is asked for by no form where the directory changes it itself', async () => {
    const elsewhere = await fromTheDirectory({ mayChangePasswords: false, displayName: 'The Corporation' })
    assert.equal((await elsewhere.shown()).changedBy, 'The Corporation')
    const here = await (await fromTheDirectory()).shown()
    assert.deepEqual(here, { page: 'password', hasPassword: true, changedBy: null, rules: null })
  })

  it('is changed there, and captured anew', async () => {
    const desk = await fromTheDirectory()
    const before = await desk.hash()
    assert.equal(await desk.change(THEIRS), null)
    assert.equal(desk.directory.asked.at(-1)?.login, 'ann')
    assert.notEqual(await desk.hash(), before)
    assert.equal(await desk.change(THEIRS), 'wrong-credentials')
  })

  it('is here once the directory is switched off', async () => {
    const desk = await fromTheDirectory({ enabled: false })
    assert.equal(await desk.change('correct-horse-staple'), null)
    assert.deepEqual(desk.directory.asked, [])
  })

  it('is no way in that would let somebody leave the directory with it', async () => {
    const desk = await fromTheDirectory()
    const own = await ownIdentities(desk.ports)(desk.doer())
    const key = (own.ok && own.value.identities[0]?.key) || assert.fail('no identity')
    assert.equal(await refusalIn(unlinkOwnIdentity(desk.ports)(desk.doer(), key)), 'last-way-in')
    assert.deepEqual(own.ok && own.value.providers, [])
  })
})
