import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BrowserSession } from './end-session.ts'
import type { PoolRuntime } from './pool-runtimes.ts'
import { type BrowserLogout, inTurn } from './sign-out.ts'

const runtime = {} as PoolRuntime // told to nobody here
const session: BrowserSession = { uid: 'uid', sub: 'ann', apps: [], upstream: null }
const nobody: BrowserLogout = async () => async () => null
const by =
  (name: string): BrowserLogout =>
  async () =>
  async (to) =>
    `${name}>${to}`

describe('telling apps and a provider of a sign-out', () => {
  it('leads by each of them that has to be told, in turn, to where it was going', async () => {
    const away = async (first: BrowserLogout, last: BrowserLogout) =>
      (await inTurn(first, last)(runtime, session))('home')
    assert.equal(await away(nobody, nobody), null)
    assert.equal(await away(by('apps'), nobody), 'apps>home')
    assert.equal(await away(nobody, by('provider')), 'provider>home')
    assert.equal(await away(by('apps'), by('provider')), 'apps>provider>home')
  })
})
