// Attacks 63 and 75: a provider, or somebody between it and us, that lies about who somebody is. Every lie has a reason of its own.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Misbehaviour } from '#tests/support/hostile-provider.ts'
import { hostileSignIn } from '#tests/support/hostile-sign-in.ts'
import { UPSTREAM_CLIENT } from '#tests/support/upstream-client.ts'

const { seconds, signIn, refusedFor } = await hostileSignIn()

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const partsOf = (token: string): string[] => token.split('.')
const withHeader = (header: object, signature: string | null) => (token: string) => {
  const [, payload = '', honest = ''] = partsOf(token)
  return [base64url(header), payload, signature ?? honest].join('.')
}

describe('an honest provider', () => {
  it('signs people in: the suite below refuses lies, not everybody', async () => {
    const result = await signIn()
    assert.ok(result.ok, JSON.stringify(result))
    assert.equal(result.value.subject, 'ann-4711')
  })
})

describe('ID tokens that do not hold', () => {
  const LIES: [string, Misbehaviour, string][] = [
    [
      'no signature ("none")',
      { token: withHeader({ alg: 'none' }, '') },
      'the ID token is signed with an algorithm that is not allowed',
    ],
    [
      'an algorithm of shared secrets',
      { token: withHeader({ alg: 'HS256', kid: 'first' }, null) },
      'the ID token is signed with an algorithm that is not allowed',
    ],
    [
      'an algorithm nobody announced',
      { token: withHeader({ alg: 'PS256', kid: 'first' }, null) },
      'the ID token is signed with an algorithm that is not allowed',
    ],
    ['a foreign key under a known id', { foreignKey: true }, "the ID token's signature does not hold"],
    [
      'a key nobody published',
      { header: () => ({ kid: 'unheard-of' }) },
      'the ID token is signed with a key the provider does not publish',
    ],
    [
      'a changed payload',
      {
        token: (token) =>
          token.replace(
            /\.[^.]+\./,
            (part) => `.${base64url({ ...JSON.parse(Buffer.from(part, 'base64url').toString()), sub: 'bo' })}.`,
          ),
      },
      "the ID token's signature does not hold",
    ],
    [
      'an extension we must know',
      { token: withHeader({ alg: 'RS256', kid: 'first', crit: ['b64'], b64: true }, null) },
      'the ID token demands extensions',
    ],
    ['encryption', { token: () => 'a.b.c.d.e' }, 'the ID token is encrypted'],
    [
      'another issuer',
      { claims: (claims) => ({ ...claims, iss: 'https://other.example' }) },
      'the ID token is of another issuer',
    ],
    [
      'another audience',
      { claims: (claims) => ({ ...claims, aud: 'somebody-else' }) },
      'the ID token is for another audience',
    ],
    [
      'several audiences and no azp',
      { claims: (claims) => ({ ...claims, aud: [UPSTREAM_CLIENT, 'other'] }) },
      'the ID token has several audiences and does not say for whom it is',
    ],
    [
      'azp of another client among several audiences',
      { claims: (claims) => ({ ...claims, aud: [UPSTREAM_CLIENT, 'other'], azp: 'other' }) },
      'the ID token was issued to another client',
    ],
    [
      'azp of another client',
      { claims: (claims) => ({ ...claims, azp: 'other' }) },
      'the ID token was issued to another client',
    ],
    [
      'another nonce',
      { claims: (claims) => ({ ...claims, nonce: 'of-another-sign-in' }) },
      'the ID token belongs to another sign-in',
    ],
    ['no nonce', { claims: ({ nonce: _, ...claims }) => claims }, 'the ID token lacks a claim that it must have'],
    ['no expiry', { claims: ({ exp: _, ...claims }) => claims }, 'the ID token lacks a claim that it must have'],
    [
      'an expiry that is no number',
      { claims: (claims) => ({ ...claims, exp: '2040' }) },
      'a claim of the ID token is of the wrong type',
    ],
    ['an expiry in the past', { claims: (claims) => ({ ...claims, exp: seconds() - 61 }) }, 'the ID token has expired'],
    [
      'a validity in the future',
      { claims: (claims) => ({ ...claims, nbf: seconds() + 120 }) },
      'the ID token is not valid yet',
    ],
    [
      'an issue in the future',
      { claims: (claims) => ({ ...claims, iat: seconds() + 120 }) },
      'the ID token is of the future',
    ],
    ['nothing', { token: () => undefined }, 'the answer holds no ID token'],
    ['no subject', { claims: ({ sub: _, ...claims }) => claims }, 'the ID token lacks a claim that it must have'],
  ]
  for (const [what, how, because] of LIES) {
    it(`with ${what} sign nobody in`, async () => assert.equal(await refusedFor(how), `upstream-invalid: ${because}`))
  }

  it('are refused ten minutes off the clock', async () => {
    const late = { claims: (claims: object) => ({ ...claims, iat: seconds() - 600, exp: seconds() - 300 }) }
    assert.equal(await refusedFor(late), 'upstream-invalid: the ID token has expired')
    const early = { claims: (claims: object) => ({ ...claims, iat: seconds() + 600, exp: seconds() + 900 }) }
    assert.equal(await refusedFor(early), 'upstream-invalid: the ID token is of the future')
  })

  it('with a subject nobody can be are refused', async () => {
    for (const sub of ['x'.repeat(256), 'a\u0000b']) {
      const how = {
        claims: (claims: object) => ({ ...claims, sub }),
        userInfo: (claims: object) => ({ ...claims, sub }),
      }
      assert.equal(await refusedFor(how), 'upstream-invalid: the subject is unfit')
    }
  })
})

describe('userInfo that does not hold', () => {
  it('is refused when it speaks of somebody else, or does not say of whom', async () => {
    assert.equal(
      await refusedFor({ userInfo: (claims) => ({ ...claims, sub: 'bo-4712' }) }),
      'upstream-invalid: userInfo speaks of somebody else',
    )
    assert.equal(
      await refusedFor({ userInfo: ({ sub: _, ...claims }) => claims }),
      'upstream-invalid: userInfo does not say of whom it speaks',
    )
  })

  it('is refused when it is too much for a profile', async () =>
    assert.equal(
      await refusedFor({ userInfo: (claims) => ({ ...claims, note: 'x'.repeat(70_000) }) }),
      'upstream-invalid: the claims are too long',
    ))
})
