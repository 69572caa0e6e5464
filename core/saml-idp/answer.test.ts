import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ACR_MULTI_FACTOR, ACR_SINGLE_FACTOR } from '../factors/index.ts'
import { NAME_ID_FORMATS } from '../federation/saml-settings.ts'
import { assertionFor, type SignInShown, statusOfError, wantedOf } from './answer.ts'
import { attributesFor } from './attributes.ts'
import { meansSession } from './logout.ts'
import { nameIdOf } from './name-id.ts'
import { SamlAppSettings, type SamlAppSettingsInput } from './saml-app-settings.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const SECRET = Buffer.alloc(32, 7).toString('base64url')
const MFA = 'https://refeds.org/profile/mfa'
const PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'

const app = (changes: Partial<SamlAppSettingsInput> = {}) =>
  SamlAppSettings.parse({
    entityId: 'https://wiki.example/saml',
    assertionConsumers: [{ url: 'https://wiki.example/acs', index: 0 }],
    nameIdFormats: ['persistent', 'email', 'transient', 'unspecified'],
    ...changes,
  })
const asking = {
  nameIdFormat: null,
  contexts: [] as string[],
  comparison: 'exact' as const,
  forceAuthn: false,
  isPassive: false,
}
const user = { sub: 'sub-of-ann', username: 'ann', attributes: { email: 'ann@example.com', email_verified: true } }
const shown: SignInShown = {
  user,
  claims: { ...user.attributes, 'cognito:groups': ['editors', 'staff'] },
  sessionIndex: 'session-1',
  authenticatedAt: NOW / 1000 - 60,
  acr: ACR_SINGLE_FACTOR,
  amr: ['pwd'],
}
const asked = { acsUrl: 'https://wiki.example/acs', requestId: '_1' }
const answer = (
  request: Partial<Parameters<typeof wantedOf>[1]> = {},
  how: Partial<SignInShown> = {},
  saml = app(),
) => {
  const plan = wantedOf(saml, { ...asking, ...request })
  if (!plan.ok) return plan
  return assertionFor({ id: 'client', saml }, plan.wanted, { ...shown, ...how }, asked, { names: SECRET, now: NOW })
}
const contentsOf = (...given: Parameters<typeof answer>) => {
  const made = answer(...given)
  assert.ok(made.ok && 'contents' in made, JSON.stringify(made))
  return made.contents
}
const statusOf = (...given: Parameters<typeof answer>) => {
  const made = answer(...given)
  return made.ok ? 'Success' : made.status
}

describe('a request is refused with a status where', () => {
  it('it wants a name of a kind that this client is not given', () => {
    const saml = app({ nameIdFormats: ['persistent'] })
    assert.equal(statusOf({ nameIdFormat: NAME_ID_FORMATS.email }, {}, saml), 'InvalidNameIDPolicy')
    assert.equal(
      statusOf({ nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos' }),
      'InvalidNameIDPolicy',
    )
  })

  it('it wants an address as name, and the person has proven none (attack 60)', () => {
    for (const attributes of [{ email: 'boss@example.com', email_verified: false }, { email: 'boss@example.com' }, {}])
      assert.equal(
        statusOf({ nameIdFormat: NAME_ID_FORMATS.email }, { user: { ...user, attributes } as SignInShown['user'] }),
        'InvalidNameIDPolicy',
      )
  })

  it('it wants a way of signing in that is not known here, or nothing stronger than there is', () => {
    assert.equal(statusOf({ contexts: ['urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos'] }), 'NoAuthnContext')
    assert.equal(statusOf({ contexts: [PASSWORD], comparison: 'maximum' }), 'NoAuthnContext')
    assert.equal(statusOf({ contexts: [MFA], comparison: 'better' }), 'NoAuthnContext')
  })

  it('less was shown than was asked for', () => {
    assert.equal(statusOf({ contexts: [MFA] }), 'NoAuthnContext')
    assert.equal(statusOf({ contexts: [PASSWORD], comparison: 'better' }), 'NoAuthnContext')
  })

  it('somebody is to be asked anew without being asked', () => {
    assert.equal(statusOf({ forceAuthn: true, isPassive: true }), 'NoPassive')
  })
})

describe('an assertion', () => {
  it('is for one client, one address and one request, for five minutes', () => {
    const contents = contentsOf()
    assert.equal(contents.audience, 'https://wiki.example/saml')
    assert.equal(contents.recipient, asked.acsUrl)
    assert.equal(contents.inResponseTo, '_1')
    assert.equal(contents.notOnOrAfter - NOW, 300_000)
    assert.equal(contents.authenticatedAt, NOW - 60_000)
    assert.equal(contents.sessionIndex, 'session-1')
  })

  it('says how the person was authenticated, in the words that were asked for where they are true', () => {
    const strong = { acr: ACR_MULTI_FACTOR, amr: ['pwd', 'otp', 'mfa'] }
    assert.equal(contentsOf().classRef, PASSWORD)
    assert.equal(contentsOf({}, strong).classRef, MFA)
    assert.equal(contentsOf({}, { amr: ['otp'] }).classRef, 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified')
    const microsoft = 'http://schemas.microsoft.com/claims/multipleauthn'
    assert.equal(contentsOf({ contexts: [microsoft] }, strong).classRef, microsoft)
    assert.equal(contentsOf({ contexts: [PASSWORD], comparison: 'minimum' }, strong).classRef, MFA)
    assert.equal(contentsOf({ contexts: ['urn:example:unheard-of', PASSWORD] }).classRef, PASSWORD)
  })

  it('names the person in the way asked for, else in the client’s first', () => {
    assert.equal(contentsOf().nameId.format, NAME_ID_FORMATS.persistent)
    assert.equal(contentsOf({ nameIdFormat: NAME_ID_FORMATS.unspecified }).nameId.format, NAME_ID_FORMATS.persistent)
    assert.deepEqual(contentsOf({ nameIdFormat: NAME_ID_FORMATS.email }).nameId, {
      value: 'ann@example.com',
      format: NAME_ID_FORMATS.email,
    })
    const plain = app({ nameIdFormats: ['unspecified'] })
    assert.equal(contentsOf({}, {}, plain).nameId.value, 'ann')
  })
})

describe('a name', () => {
  const facts = { clientId: 'wiki', sessionIndex: 's1', user }
  it('that is persistent is the same for ever at a client, and another at every other', () => {
    const here = nameIdOf(SECRET, 'persistent', facts)
    assert.equal(nameIdOf(SECRET, 'persistent', { ...facts, sessionIndex: 's2' }), here)
    assert.notEqual(nameIdOf(SECRET, 'persistent', { ...facts, clientId: 'desk' }), here)
    assert.notEqual(nameIdOf(Buffer.alloc(32, 8).toString('base64url'), 'persistent', facts), here)
    assert.ok(!here?.includes(user.sub))
  })

  it('that is transient is another in every session', () => {
    const here = nameIdOf(SECRET, 'transient', facts)
    assert.equal(nameIdOf(SECRET, 'transient', facts), here)
    assert.notEqual(nameIdOf(SECRET, 'transient', { ...facts, sessionIndex: 's2' }), here)
  })
})

describe('attributes', () => {
  const claims = {
    email: 'ann@example.com',
    email_verified: true,
    'cognito:groups': ['editors', 'staff'],
    address: { formatted: 'Main Street 1' },
    updated_at: 7,
    nickname: null,
  }

  it('are those of the client’s list, under its names, with every value', () => {
    const { attributes } = app({
      attributes: {
        email: { name: 'urn:oid:0.9.2342.19200300.100.1.3', nameFormat: 'uri' },
        'cognito:groups': { name: 'groups' },
        address: { name: 'address' },
        updated_at: { name: 'at' },
        nickname: { name: 'nick' },
        family_name: { name: 'sn' },
      },
    })
    assert.deepEqual(
      attributesFor({ attributes }, claims).map(({ name, values }) => [name, ...values]),
      [
        ['urn:oid:0.9.2342.19200300.100.1.3', 'ann@example.com'],
        ['groups', 'editors', 'staff'],
        ['address', '{"formatted":"Main Street 1"}'],
        ['at', '7'],
      ],
    )
  })

  it('leave out an address that nobody proved, and what only every object has', () => {
    const { attributes } = app({
      attributes: { email: { name: 'mail' }, phone_number: { name: 'phone' }, toString: { name: 'x' } },
    })
    const unproven = { email: 'boss@example.com', email_verified: false, phone_number: '+4912345' }
    assert.deepEqual(attributesFor({ attributes }, unproven), [])
  })
})

describe('a refusal of the journey', () => {
  it('becomes the status that says the same', () => {
    assert.deepEqual(
      ['login_required', 'interaction_required', 'unmet_authentication_requirements', 'access_denied', '', 'x'].map(
        statusOfError,
      ),
      ['NoPassive', 'NoPassive', 'NoAuthnContext', 'RequestDenied', 'AuthnFailed', 'AuthnFailed'],
    )
  })
})

describe('a logout', () => {
  const known = { clientId: 'wiki', nameId: 'name', format: 'f', sessionIndex: 's1' }
  it('means a session by the name we gave and its index, and no other', () => {
    assert.equal(meansSession({ nameId: 'name', sessionIndexes: ['s1'] }, known), true)
    assert.equal(meansSession({ nameId: 'name', sessionIndexes: [] }, known), true)
    assert.equal(meansSession({ nameId: 'name', sessionIndexes: ['s0', 's1'] }, known), true)
    assert.equal(meansSession({ nameId: 'name', sessionIndexes: ['s2'] }, known), false)
    assert.equal(meansSession({ nameId: 'other', sessionIndexes: ['s1'] }, known), false)
    assert.equal(meansSession({ nameId: 'other', sessionIndexes: [] }, known), false)
  })
})
