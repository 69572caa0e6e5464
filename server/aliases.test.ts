import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { PoolSettings } from '#core/pools/pool-settings.ts'
import { startsFlow } from './aliases.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'

const runtime = { base: '/eu-local-1_AbCdEfGhI', pool: { settings: PoolSettings.parse({}) } } as PoolRuntime

const follow = async (screen: Parameters<typeof startsFlow>[1], url: string) => {
  let answered: { status: number; location: string } | null = null
  const res = {
    writeHead(status: number, headers: Record<string, string>) {
      answered = { status, location: headers.location ?? '' }
      return { end() {} }
    },
  } as unknown as ServerResponse
  await startsFlow(runtime, screen, { url } as IncomingMessage, res)
  const { status, location } = answered ?? { status: 0, location: '' }
  assert.equal(status, 302)
  assert.match(location, /^\/eu-local-1_AbCdEfGhI\/oauth2\/authorize\?/, 'nowhere but to our own authorize endpoint')
  return Object.fromEntries(new URL(location, 'https://id.example.com').searchParams)
}

describe('a bookmarked address', () => {
  it('begins an ordinary authorization request, with what people leave out filled in', async () => {
    assert.deepEqual(
      await follow('sign-in', '/eu-local-1_AbCdEfGhI/login?client_id=a&redirect_uri=https%3A%2F%2Fapp'),
      {
        client_id: 'a',
        redirect_uri: 'https://app',
        response_type: 'code',
        scope: 'openid',
      },
    )
  })

  it('keeps what was asked for, down to the letter', async () => {
    const asked = { client_id: 'a', response_type: 'code', scope: 'openid email', state: '"><script>&=%', nonce: 'ü' }
    assert.deepEqual(await follow('sign-in', `/p/login?${new URLSearchParams(asked)}`), asked)
  })

  it('opens the screen of its name, whatever hint it carries', async () => {
    for (const [screen, hint, prompt] of [
      ['sign-up', 'signup', 'login'],
      ['forgot-password', 'forgot-password', 'login'],
      ['change-password', 'change-password', undefined],
      ['sign-in', undefined, undefined],
    ] as const) {
      const query = await follow(screen, '/p/x?client_id=a&screen_hint=other')
      assert.deepEqual([query.screen_hint, query.prompt], [hint, prompt])
    }
  })

  it('without a query is still answered: the authorize endpoint says what is missing', async () => {
    assert.deepEqual(await follow('sign-in', '/p/login'), { response_type: 'code', scope: 'openid' })
  })
})
