import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AskedOfSignOut, signOutTarget } from './index.ts'

const bye = 'https://app.example.com/bye'
const callback = 'https://app.example.com/callback'
const client = {
  logoutUrls: [bye, 'https://app.example.com/out?from=portico', 'com.example.app:/out'],
  callbackUrls: [callback],
}

/** Addresses that look like a registered one. */
const LIKE_IT = [
  `${bye}/`,
  `${bye}?x`,
  `${bye}#x`,
  'https://app.example.com/Bye',
  'https://app.example.com:443/bye',
  'https://app.example.com/bye/../bye',
  'https://app.example.com@evil.example/bye',
  'https://evil.example/bye',
  'http://app.example.com/bye',
  '//app.example.com/bye',
  '/bye',
  'javascript:alert(1)',
  '',
]

describe('where a sign-out leads', () => {
  it('is never an address that only looks like a registered one, in any of the three forms', () => {
    for (const uri of LIKE_IT) {
      for (const asked of [
        { logoutUri: uri },
        { redirectUri: uri, responseType: 'code' },
        { postLogoutRedirectUri: uri },
      ] satisfies AskedOfSignOut[])
        assert.equal(signOutTarget(client, asked).kind, 'refused', JSON.stringify(asked))
    }
  })

  it('keeps the two lists apart: a callback is no sign-out address, and the other way round', () => {
    assert.equal(signOutTarget(client, { logoutUri: callback }).kind, 'refused')
    assert.equal(signOutTarget(client, { postLogoutRedirectUri: callback }).kind, 'refused')
    assert.equal(signOutTarget(client, { redirectUri: bye, responseType: 'code' }).kind, 'refused')
  })

  it('needs a client for Cognito’s forms, and believes nothing of the standard’s without one', () => {
    assert.deepEqual(signOutTarget(null, { logoutUri: bye }), { kind: 'refused', because: 'client_id is missing' })
    assert.equal(signOutTarget(null, { redirectUri: callback, responseType: 'code' }).kind, 'refused')
    assert.deepEqual(signOutTarget(null, { postLogoutRedirectUri: bye }), { kind: 'nowhere' })
  })

  it('is another sign-in only where that is asked for in full', () => {
    assert.deepEqual(signOutTarget(client, { redirectUri: callback }), {
      kind: 'refused',
      because: 'response_type is missing',
    })
    assert.deepEqual(signOutTarget(client, { redirectUri: callback, responseType: 'code' }), { kind: 'sign-in' })
  })

  it('hands the state back, whatever stands in the registered address', () => {
    const to = (asked: AskedOfSignOut) => {
      const target = signOutTarget(client, asked)
      return target.kind === 'app' ? target.to : target.kind
    }
    assert.equal(to({ logoutUri: bye, state: 'a&b=c' }), `${bye}?state=a%26b%3Dc`)
    assert.equal(
      to({ postLogoutRedirectUri: 'https://app.example.com/out?from=portico', state: 's' }),
      'https://app.example.com/out?from=portico&state=s',
    )
    assert.equal(to({ postLogoutRedirectUri: 'com.example.app:/out', state: 's' }), 'com.example.app:/out?state=s')
    assert.equal(to({ logoutUri: bye }), bye)
  })

  it('takes Cognito’s form before the standard’s, and says which it was', () => {
    const other = 'https://app.example.com/out?from=portico'
    const target = signOutTarget(client, { logoutUri: bye, postLogoutRedirectUri: other })
    assert.deepEqual(target, { kind: 'app', to: bye, isCognitos: true })
    assert.deepEqual(signOutTarget(client, { postLogoutRedirectUri: other }), {
      kind: 'app',
      to: other,
      isCognitos: false,
    })
  })

  it('is the pool’s own page where nothing is asked', () => {
    assert.deepEqual(signOutTarget(client, {}), { kind: 'nowhere' })
    assert.deepEqual(signOutTarget(null, { state: 's' }), { kind: 'nowhere' })
  })
})
