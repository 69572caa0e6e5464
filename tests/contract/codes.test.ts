import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import type { NewCode } from '#core/flows/ports.ts'
import { alongside, anEvent, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore, rounds } from '#tests/support/journey-stores.ts'

const aHash = (): string => randomBytes(32).toString('base64url')

const aCode = (poolId: string, overrides: Partial<Omit<NewCode, 'poolId'>> = {}): NewCode => ({
  id: systemRandom.uuidAt(overrides.createdAt ?? NOON),
  poolId,
  purpose: 'sign-up',
  subject: 'flow:one',
  codeHash: aHash(),
  linkHash: null,
  flowId: null,
  createdAt: NOON,
  expiresAt: secondsLater(600),
  ...overrides,
})

const nothing = { events: [] }
const soon = secondsLater(1)

inEveryJourneyStore('codes and links', (stores) => {
  it('refuses a code nobody was sent, and one of another purpose, subject or pool', async () => {
    const { codes } = stores()
    const code = aCode(aPoolId())
    await codes.issue(code, nothing)
    for (const [poolId, purpose, subject, hash] of [
      [code.poolId, 'sign-up', 'flow:one', aHash()],
      [code.poolId, 'recovery', 'flow:one', code.codeHash],
      [code.poolId, 'sign-up', 'flow:two', code.codeHash],
      [aPoolId(), 'sign-up', 'flow:one', code.codeHash],
    ] as const)
      assert.deepEqual(await codes.consume(poolId, purpose, subject, hash, soon), { kind: 'mismatch' })
    assert.equal((await codes.consume(code.poolId, 'sign-up', 'flow:one', code.codeHash, soon)).kind, 'consumed')
  })

  it('gives back what was issued, once, and says "used" from then on', async () => {
    const { codes } = stores()
    const code = aCode(aPoolId(), { linkHash: aHash(), flowId: 'a-flow' })
    await codes.issue(code, nothing)
    const use = () => codes.consume(code.poolId, code.purpose, code.subject, code.codeHash, soon)
    assert.deepEqual(await use(), { kind: 'consumed', code })
    assert.deepEqual(await use(), { kind: 'used' })
    assert.deepEqual(await codes.consumeByLink(code.poolId, code.linkHash ?? '', soon), { kind: 'used' })
  })

  it('refuses a code from its last moment on, and tells that only to who had it', async () => {
    const { codes } = stores()
    const code = aCode(aPoolId(), { linkHash: aHash() })
    await codes.issue(code, nothing)
    const late = code.expiresAt
    assert.deepEqual(await codes.consume(code.poolId, 'sign-up', 'flow:one', code.codeHash, late), { kind: 'expired' })
    assert.deepEqual(await codes.consume(code.poolId, 'sign-up', 'flow:one', aHash(), late), { kind: 'mismatch' })
    assert.deepEqual(await codes.consumeByLink(code.poolId, code.linkHash ?? '', late), { kind: 'expired' })
    assert.equal((await codes.consume(code.poolId, 'sign-up', 'flow:one', code.codeHash, soon)).kind, 'consumed')
  })

  it('writes event and message with the code', async () => {
    const { codes, eventsOf, messagesOf } = stores()
    const code = aCode(aPoolId())
    await codes.issue(code, alongside(code.poolId, 'code.sent', 'sign-up-code'))
    assert.deepEqual(
      (await eventsOf(code.poolId)).map(({ type }) => type),
      ['code.sent'],
    )
    assert.deepEqual(await messagesOf(code.poolId), ['sign-up-code'])
  })

  it('keeps three live at most: the fourth ends the first', async () => {
    const { codes } = stores()
    const poolId = aPoolId()
    const sent = [0, 1, 2, 3].map((n) => aCode(poolId, { createdAt: secondsLater(n) }))
    const other = aCode(poolId, { subject: 'flow:two' })
    for (const code of [other, ...sent]) await codes.issue(code, nothing)
    const [first, second] = sent
    assert.deepEqual(await codes.consume(poolId, 'sign-up', 'flow:one', first?.codeHash ?? '', secondsLater(9)), {
      kind: 'mismatch',
    })
    assert.equal((await codes.consume(poolId, 'sign-up', 'flow:two', other.codeHash, secondsLater(9))).kind, 'consumed')
    assert.equal(
      (await codes.consume(poolId, 'sign-up', 'flow:one', second?.codeHash ?? '', secondsLater(9))).kind,
      'consumed',
    )
  })

  it('keeps three live also when many are sent at once', async () => {
    const { codes } = stores()
    const poolId = aPoolId()
    const sent = Array.from({ length: 20 }, (_, n) => aCode(poolId, { linkHash: aHash(), createdAt: secondsLater(n) }))
    await Promise.all(sent.map((code) => codes.issue(code, nothing)))
    const found = await Promise.all(sent.map((code) => codes.findByLink(poolId, code.linkHash ?? '')))
    assert.equal(found.filter((code) => code !== null).length, 3)
  })

  it('ends the siblings of a used code, and those of no other person, purpose or pool', async () => {
    const { codes } = stores()
    const [here, there] = [aPoolId(), aPoolId()]
    const used = aCode(here, { linkHash: aHash() })
    const sibling = aCode(here, { linkHash: aHash() })
    const others = [aCode(here, { subject: 'flow:two' }), aCode(here, { purpose: 'recovery' }), aCode(there)]
    for (const code of [used, sibling, ...others]) await codes.issue(code, nothing)
    await codes.consume(here, 'sign-up', 'flow:one', used.codeHash, soon)
    assert.deepEqual(await codes.consume(here, 'sign-up', 'flow:one', sibling.codeHash, soon), { kind: 'used' })
    assert.deepEqual(await codes.consumeByLink(here, sibling.linkHash ?? '', soon), { kind: 'used' })
    for (const code of others)
      assert.equal((await codes.consume(code.poolId, code.purpose, code.subject, code.codeHash, soon)).kind, 'consumed')
  })

  it('shows what a link is for without using it', async () => {
    const { codes } = stores()
    const code = aCode(aPoolId(), { linkHash: aHash(), flowId: 'a-flow' })
    const linkHash = code.linkHash ?? ''
    await codes.issue(code, nothing)
    assert.deepEqual(await codes.findByLink(code.poolId, linkHash), { ...code, consumedAt: null })
    assert.deepEqual(await codes.consumeByLink(code.poolId, linkHash, soon), { kind: 'consumed', code })
    assert.deepEqual((await codes.findByLink(code.poolId, linkHash))?.consumedAt, soon)
    assert.equal(await codes.findByLink(aPoolId(), linkHash), null)
    assert.deepEqual(await codes.consumeByLink(aPoolId(), linkHash, soon), { kind: 'mismatch' })
  })

  it('lets exactly one of fifty use a code, in each of fifty rounds', async () => {
    const { codes } = stores()
    const poolId = aPoolId()
    const results = await rounds(50, 50, (round) => {
      const code = aCode(poolId, { subject: `flow:${round}` })
      const issued = codes.issue(code, nothing)
      return async () => {
        await issued
        return (await codes.consume(poolId, 'sign-up', code.subject, code.codeHash, soon)).kind
      }
    })
    for (const round of results) assert.deepEqual(round.toSorted(), ['consumed', ...Array(49).fill('used')])
  })

  it('lets exactly one of fifty use a link, in each of fifty rounds', async () => {
    const { codes } = stores()
    const poolId = aPoolId()
    const results = await rounds(50, 50, (round) => {
      const code = aCode(poolId, { subject: `flow:${round}`, linkHash: aHash() })
      const issued = codes.issue(code, nothing)
      return async () => {
        await issued
        return (await codes.consumeByLink(poolId, code.linkHash ?? '', soon)).kind
      }
    })
    for (const round of results) assert.deepEqual(round.toSorted(), ['consumed', ...Array(49).fill('used')])
  })

  it('lets exactly one of three siblings be used, by code or by link, however they arrive', async () => {
    const { codes } = stores()
    const poolId = aPoolId()
    const results = await rounds(50, 30, (round) => {
      const subject = `flow:siblings-${round}`
      const siblings = [0, 1, 2].map(() => aCode(poolId, { subject, linkHash: aHash() }))
      const issued = Promise.all(siblings.map((code) => codes.issue(code, nothing)))
      return async (n) => {
        await issued
        const { codeHash, linkHash } = siblings[n % 3] ?? aCode(poolId)
        const answer =
          n % 2 === 0
            ? await codes.consume(poolId, 'sign-up', subject, codeHash, soon)
            : await codes.consumeByLink(poolId, linkHash ?? '', soon)
        return answer.kind
      }
    })
    for (const round of results) assert.deepEqual(round.toSorted(), ['consumed', ...Array(29).fill('used')])
  })

  it('keeps pools apart: the same code for the same subject in two pools is two codes', async () => {
    const { codes } = stores()
    const here = aCode(aPoolId(), { linkHash: aHash() })
    const there = { ...here, poolId: aPoolId() }
    for (const code of [here, there]) await codes.issue(code, nothing)
    for (const code of [here, there])
      assert.deepEqual(await codes.consume(code.poolId, code.purpose, code.subject, code.codeHash, soon), {
        kind: 'consumed',
        code,
      })
  })

  it('writes nothing when its event cannot be written', async () => {
    const { codes, isDatabase } = stores()
    if (!isDatabase) return
    const code = aCode(aPoolId())
    const impossible = { ...anEvent(code.poolId, 'code.sent'), id: 'not a uuid' }
    await assert.rejects(codes.issue(code, { events: [impossible] }))
    assert.deepEqual(await codes.consume(code.poolId, code.purpose, code.subject, code.codeHash, soon), {
      kind: 'mismatch',
    })
  })
})
