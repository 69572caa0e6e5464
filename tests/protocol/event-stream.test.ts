/** Events as an operator's own systems get them: a file, while people sign in. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { browser } from '#tests/support/form-browser.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const DEADLINE_MS = 15_000

describe('the stream of events to a file', () => {
  let house: TestHouse<'shop'>
  let ann: TestPerson
  let folder: string
  let path: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-stream-'))
    path = join(folder, 'events.jsonl')
    house = await startTestHouse(null, { clients: { shop: {} }, users: [{}], config: { EVENT_SINK_FILE: path } })
    ann = house.people[0] as TestPerson
  })
  after(async () => {
    await house?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const signIn = async (password: string): Promise<void> => {
    const through = browser()
    const party = await house.clients.shop.party()
    await through.open((await party.begin({})).url)
    await through.submit({ username: ann.username, password })
  }
  const lines = async () => {
    const text = await readFile(path, 'utf8').catch(() => '')
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  }
  /** The lines, once one of them fits. */
  const linesWith = async (fits: (line: { type: string; outcome: string }) => boolean) => {
    const end = Date.now() + DEADLINE_MS
    while (Date.now() < end) {
      const found = (await lines()).filter(fits)
      if (found.length > 0) return found
      await pause(50)
    }
    throw new Error(`nothing fits among ${(await lines()).map(({ type, outcome }) => `${type} ${outcome}`)}`)
  }

  it('tells who signed in, from where, and holds no secret and no name', async () => {
    await signIn(ann.password)
    const [line] = await linesWith(({ type, outcome }) => type === 'sign_in' && outcome === 'success')
    assert.deepEqual([line.sub, line.poolId, line.clientId], [ann.sub, house.poolId, house.clients.shop.clientId])
    assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const text = await readFile(path, 'utf8')
    assert.ok(!text.includes(ann.password) && !text.includes(ann.username))
  })

  it('goes on in a new file when the old one was moved away', async () => {
    await rename(path, `${path}.1`)
    await signIn('not the password at all')
    const [line] = await linesWith(({ outcome }) => outcome === 'failure')
    assert.equal(line.sub, ann.sub)
    const before = (await readFile(`${path}.1`, 'utf8')).split('\n')
    const after = (await readFile(path, 'utf8')).split('\n')
    assert.deepEqual(
      after.filter((each) => each !== '' && before.includes(each)),
      [],
    )
  })
})
