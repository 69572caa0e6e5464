import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SignInNameKind } from '../pools/pool-settings.ts'
import {
  foldCase,
  maskAddress,
  namesOfUser,
  parseEmail,
  parsePhone,
  parseSignInName,
  parseUsername,
  signInName,
} from './names.ts'

const poolWith = (signInNames: SignInNameKind[], caseSensitiveNames = false) => ({
  settings: { signInNames, caseSensitiveNames },
})
const emailPool = poolWith(['email'])
const everything = poolWith(['username', 'email', 'phone_number'])

describe('an e-mail address', () => {
  const refused = {
    'has no @': 'ann.example.com',
    'has two @': 'ann@evil.test@example.com',
    'has a full-width second @': 'ann@evil.test＠example.com',
    'has no local part': '@example.com',
    'has no domain': 'ann@',
    'has a domain without a dot': 'ann@localhost',
    'has an address literal': 'ann@[192.0.2.1]',
    'has a numeric host': 'ann@192.0.2.1',
    'has a hexadecimal host': 'ann@0x7f.0x1',
    'has blanks inside': 'ann smith@example.com',
    'has a line break': 'ann@example.com\r\nBcc: eve@example.com',
    'has a quoted local part': '"ann smith"@example.com',
    'has angle brackets': 'Ann <ann@example.com>',
    'has a comma': 'ann,eve@example.com',
    'begins with a dot': '.ann@example.com',
    'has a label that begins with a hyphen': 'ann@-example.com',
    'has an empty label': 'ann@example..com',
    'has a port': 'ann@example.com:25',
    'has a percent-encoded domain': 'ann@example%2ecom',
    'has a slash in its domain': 'ann@example.com/x',
    'has a local part over 64 octets': `${'a'.repeat(65)}@example.com`,
    'is over 254 octets': `ann@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`,
    'is endless': `${'a@'.repeat(100_000)}`,
  }
  for (const [reason, value] of Object.entries(refused)) {
    it(`is refused when it ${reason}`, () => assert.equal(parseEmail(value), null))
  }

  const accepted = {
    "o'brien+shop@example.co.uk": "o'brien+shop@example.co.uk",
    '0@x.io': '0@x.io',
    '!#$%&*/=?^_`{|}~-@example.com': '!#$%&*/=?^_`{|}~-@example.com',
    'Ann.Lee@EXAMPLE.Com': 'Ann.Lee@example.com',
    '  ann@example.com ': 'ann@example.com',
    'ann@bücher.example': 'ann@xn--bcher-kva.example',
    'ann@faß.example': 'ann@xn--fa-hia.example',
    'ann@例子.测试': 'ann@xn--fsqu00a.xn--0zwm56d',
    '用户@example.com': '用户@example.com',
    'ａｎｎ＠example.com': 'ann@example.com',
    'ann@example。com': 'ann@example.com',
  }
  for (const [typed, stored] of Object.entries(accepted)) {
    it(`is read as ${stored} when typed as ${typed}`, () => assert.equal(parseEmail(typed), stored))
  }
})

describe('a phone number', () => {
  for (const typed of [
    '',
    '12345678',
    '+0123456789',
    '+12',
    '+1234567890123456',
    '+49 30 abc',
    '0049',
    '++4930123456',
    '+49301234５x',
  ]) {
    it(`is refused when it is "${typed}"`, () => assert.equal(parsePhone(typed), null))
  }
  for (const [typed, stored] of Object.entries({
    '+49 (30) 123-456': '+4930123456',
    '0049 30 123456': '+4930123456',
    '+44 (0)20 7946 0958': '+442079460958',
    '+1.415.555.2671': '+14155552671',
    '＋４９３０１２３４５６': '+4930123456',
    '+49 30–123456': '+4930123456',
  })) {
    it(`is read as ${stored} when typed as ${typed}`, () => assert.equal(parsePhone(typed), stored))
  }
})

describe('a user name', () => {
  const names = poolWith(['username'])
  it('has no blanks and nothing invisible', () => {
    for (const typed of [
      'ann lee',
      'ann\u200blee',
      'ann\u0000',
      'ann\u202elee',
      ' ',
      'ann\u3164lee',
      'ann\u00adlee',
      'ann\ufe0f',
    ]) {
      assert.equal(parseUsername(names, typed), null, JSON.stringify(typed))
    }
  })
  it('has at most 128 characters', () => {
    assert.equal(parseUsername(names, 'é'.repeat(129)), null)
    assert.equal(parseUsername(names, 'é'.repeat(128)), 'é'.repeat(128))
  })
  it('never looks like the id of another person', () => {
    assert.equal(parseUsername(names, '3F2B6C1E-0000-4000-8000-000000000001'), null)
  })
  it('may look like an e-mail address or a phone number only where those do not sign in', () => {
    assert.equal(parseUsername(everything, 'ann@work'), null)
    assert.equal(parseUsername(everything, '+49 30 123456'.replaceAll(' ', '')), null)
    assert.equal(parseUsername(names, 'ann@work'), 'ann@work')
    assert.equal(parseUsername(names, '+4930123456'), '+4930123456')
  })
})

describe('the name typed into the identifier field', () => {
  it('is refused when nothing was typed', () => {
    assert.deepEqual(parseSignInName(emailPool, ' \t '), { ok: false, failure: { code: 'identifier-empty' } })
  })
  it('is refused when the pool has no such names', () => {
    assert.deepEqual(parseSignInName(emailPool, 'ann'), { ok: false, failure: { code: 'identifier-format' } })
    assert.deepEqual(parseSignInName(emailPool, '+4930123456'), { ok: false, failure: { code: 'identifier-format' } })
    assert.deepEqual(parseSignInName(poolWith(['phone_number']), '030 123456'), {
      ok: false,
      failure: { code: 'identifier-format' },
    })
  })
  it('is one name in every spelling', () => {
    const spellings = [
      'ann@example.com',
      'ANN@EXAMPLE.COM',
      ' Ann@Example.com ',
      'ａｎｎ@example.com',
      'Ann＠example．com',
      'ann@example。com',
    ]
    for (const typed of spellings) {
      assert.deepEqual(
        parseSignInName(emailPool, typed),
        { ok: true, value: { kind: 'email', value: 'ann@example.com' } },
        typed,
      )
    }
  })
  it('keeps dotless and dotted i apart, and folds the final sigma', () => {
    assert.notEqual(foldCase('mıke'), foldCase('mike'))
    assert.equal(foldCase('ΟΔΟΣ'), foldCase('οδος'))
    assert.equal(foldCase('STRASSE') === foldCase('straße'), false)
  })
  it('keeps its case where the pool is case-sensitive, but for the domain', () => {
    const strict = poolWith(['email', 'username'], true)
    assert.deepEqual(parseSignInName(strict, 'Ann@EXAMPLE.com'), {
      ok: true,
      value: { kind: 'email', value: 'Ann@example.com' },
    })
    assert.deepEqual(parseSignInName(strict, 'Ann'), { ok: true, value: { kind: 'username', value: 'Ann' } })
  })
  it('is understood by its shape where several kinds sign in', () => {
    const kindOf = (typed: string) => {
      const name = parseSignInName(everything, typed)
      return name.ok ? name.value : name.failure.code
    }
    assert.deepEqual(kindOf('Ann'), { kind: 'username', value: 'ann' })
    assert.deepEqual(kindOf('ann@example.com'), { kind: 'email', value: 'ann@example.com' })
    assert.deepEqual(kindOf('0049 30 123456'), { kind: 'phone_number', value: '+4930123456' })
    assert.deepEqual(kindOf('123456'), { kind: 'username', value: '123456' })
    assert.equal(kindOf('ann@work'), 'identifier-format')
  })
  it('is a preferred user name where only those sign in', () => {
    assert.deepEqual(parseSignInName(poolWith(['preferred_username']), 'Ann'), {
      ok: true,
      value: { kind: 'preferred_username', value: 'ann' },
    })
  })
  it('is refused with anything invisible in it, whatever the kind', () => {
    assert.equal(signInName(everything, 'email', 'ann\u200b@example.com').ok, false)
    assert.equal(signInName(everything, 'username', 'an\u202en').ok, false)
  })
})

describe('the names of a person', () => {
  const namesIn = (signInNames: SignInNameKind[], username: string, attributes: Record<string, string | boolean>) => {
    const names = namesOfUser(poolWith(signInNames), username, attributes)
    return names.ok
      ? names.value.map(({ kind, value }) => `${kind} ${value}`)
      : [names.failure.code, names.failure.field]
  }
  const email = 'Ann@example.com'

  it('leave out an unproven address where user names sign in', () => {
    assert.deepEqual(namesIn(['username', 'email'], 'Ann', { email }), ['username ann'])
    assert.deepEqual(namesIn(['username', 'email'], 'Ann', { email, email_verified: false }), ['username ann'])
    assert.deepEqual(namesIn(['username', 'email'], 'Ann', { email, email_verified: true }), [
      'username ann',
      'email ann@example.com',
    ])
  })
  it('are the address itself, proven or not, where no user names sign in', () => {
    assert.deepEqual(namesIn(['email', 'phone_number'], 'sub', { email, phone_number: '+4930123456' }), [
      'email ann@example.com',
      'phone_number +4930123456',
    ])
  })
  it('are not made of a user name the pool would refuse', () => {
    assert.deepEqual(namesIn(['username', 'email'], 'eve@example.com', {}), ['identifier-format', 'username'])
  })
  it('are listed once', () => {
    assert.deepEqual(namesIn(['username', 'preferred_username'], 'Ann', { preferred_username: 'ANN' }), [
      'username ann',
    ])
  })
})

describe('a masked address', () => {
  it('shows the first letter and the domain of an e-mail address, and not its length', () => {
    assert.equal(maskAddress('ann@example.com'), 'a•••@example.com')
    assert.equal(maskAddress('a@example.com'), 'a•••@example.com')
    assert.equal(maskAddress('😀nn@example.com'), '😀•••@example.com')
  })
  it('shows the last two digits of a phone number', () => assert.equal(maskAddress('+4930123456'), '+•••••••56'))
  it('shows nothing of anything else', () => assert.equal(maskAddress('ann'), '•••'))
})
