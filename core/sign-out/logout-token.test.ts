import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { logoutTokenClaims } from './logout-token.ts'

const now = new Date('2026-03-04T12:00:00.900Z')
const signOut = { poolId: 'pool', clientId: 'shop', sub: 'ann', sid: 'session-of-ann', at: new Date(0) }
const claimsOf = (sid: string | null, backchannelLogoutSessionRequired: boolean) =>
  logoutTokenClaims(
    { ...signOut, sid },
    { issuer: 'https://id.example/pool', settings: { backchannelLogoutSessionRequired }, jti: 'once', now },
  )

describe('a logout token', () => {
  it('names issuer, app, person, session and the event, lives for two minutes, and has no nonce', () => {
    assert.deepEqual(claimsOf('session-of-ann', true), {
      iss: 'https://id.example/pool',
      aud: 'shop',
      sub: 'ann',
      sid: 'session-of-ann',
      iat: 1772625600,
      exp: 1772625720,
      jti: 'once',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
  })

  it('leaves out a session that the app’s ID tokens do not name', () => {
    assert.equal('sid' in claimsOf('session-of-ann', false), false)
  })

  it('speaks of the person alone where no session is known', () => {
    const claims = claimsOf(null, true)
    assert.deepEqual([claims.sub, 'sid' in claims], ['ann', false])
  })
})
