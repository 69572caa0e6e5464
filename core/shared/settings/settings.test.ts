import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { PoolSettings } from '../../pools/pool-settings.ts'
import { assignSettings, findSetting, parseSettings, readAssignment, settingsOf } from './index.ts'
import { editDistance, nearestWord } from './nearest-word.ts'

const settings = settingsOf(PoolSettings)
const problemsOf = (input: unknown) => {
  const parsed = parseSettings(PoolSettings, input)
  return parsed.ok ? [] : (parsed.failure.problems ?? []).map(({ path, message }) => `${path}: ${message}`)
}
const set = (current: unknown, ...texts: string[]) =>
  assignSettings(
    settings,
    current,
    texts.map((text) => {
      const read = readAssignment(settings, text)
      assert.ok(read.ok, text)
      return read.value
    }),
  )

describe('refusing settings', () => {
  it('names every problem at once, with the setting that was meant', () => {
    assert.deepEqual(
      problemsOf({
        selfSignup: true,
        session: { maxMinute: 5, maxMinutes: -1 },
        mfa: 'on',
        passwordPolicy: { minLenght: 8 },
      }),
      [
        'passwordPolicy.minLenght: unknown setting; did you mean minLength?',
        'mfa: must be one of off, optional, required',
        'session.maxMinutes: must be at least 0',
        'session.maxMinute: unknown setting; did you mean maxMinutes?',
        'selfSignup: unknown setting; did you mean selfSignUp?',
      ],
    )
  })
  it('names an attribute nobody knows and a part of an attribute nobody knows', () => {
    assert.deepEqual(problemsOf({ attributes: { emial: {}, 'custom:team': { maxLenght: 3 } } }), [
      'attributes.emial: a standard attribute, or custom: and 1 to 20 letters, digits, _ . -',
      'attributes.custom:team.maxLenght: unknown setting; did you mean maxLength?',
    ])
  })
  it('says what a setting has to be, and never repeats it', () => {
    const schema = z.strictObject({
      kind: z.discriminatedUnion('by', [z.object({ by: z.literal('mail') }), z.object({ by: z.literal('sms') })]),
      name: z.string().min(3).max(5),
      logo: z.string().min(1),
      count: z.int().max(9),
      share: z.number().gt(0),
      scopes: z.array(z.string().regex(/^[a-z]+$/)).min(1),
      address: z.url(),
      client: z.string(),
      both: z.union([z.string(), z.number()]),
      on: z.boolean(),
      own: z.string().regex(/^x/, 'begins with x'),
    })
    const given = {
      ...{ kind: { by: 'pigeon' }, name: 'toolong', logo: '', count: 1.5, share: 0, scopes: [], address: 'here' },
      ...{ both: [], on: 'yes', own: 'y' },
    }
    const parsed = parseSettings(schema, given)
    assert.deepEqual(parsed.ok ? [] : parsed.failure.problems?.map(({ path, message }) => `${path}: ${message}`), [
      'kind.by: must be one of mail, sms',
      'name: must have at most 5 characters',
      'logo: must not be empty',
      'count: must be a whole number',
      'share: must be more than 0',
      'scopes: must have at least 1 entry',
      'address: must be an address such as https://example.com/',
      'client: is missing',
      'both: is of none of the forms it can have',
      'on: must be true or false',
      'own: begins with x',
    ])
    assert.deepEqual(problemsOf(null), [': must be a group of settings'])
  })
  it('refuses what is no settings at all', () => {
    for (const input of [null, 'x', 3, []]) assert.equal(problemsOf(input).length, 1)
  })
})

describe('setting by name=value', () => {
  const refused = (text: string) => {
    const read = readAssignment(settings, text)
    return read.ok ? 'ok' : read.failure.because
  }
  it('refuses what has no value, is unknown, or has the wrong type', () => {
    assert.equal(refused('selfSignUp'), 'selfSignUp: write it as name=value')
    assert.equal(refused('session.maxMinuts=3'), 'session.maxMinuts: unknown setting; did you mean session.maxMinutes?')
    assert.equal(refused('xyzzy=3'), 'xyzzy: unknown setting')
    assert.equal(refused('session.maxMinutes=soon'), 'session.maxMinutes: must be a number')
    assert.equal(refused('selfSignUp=yes'), 'selfSignUp: must be true or false')
    assert.equal(refused('session=1'), 'session: unknown setting')
    assert.equal(refused('__proto__.x=1'), '__proto__.x: unknown setting')
  })
  it('reads numbers, flags, lists and text by the type of the setting', () => {
    assert.deepEqual(
      set({}, 'session.maxMinutes=30', 'selfSignUp=false', 'allowedEmailDomains=a.example, b.example', 'owner=42'),
      {
        session: { maxMinutes: 30 },
        selfSignUp: false,
        allowedEmailDomains: ['a.example', 'b.example'],
        owner: '42',
      },
    )
  })
  it('keeps what is not named, and takes away what is set to nothing', () => {
    const current = { owner: 'Ann', session: { maxMinutes: 5, keepSignedIn: true } }
    assert.deepEqual(set(current, 'session.maxMinutes=', 'owner='), { session: { keepSignedIn: true } })
    assert.deepEqual(current, { owner: 'Ann', session: { maxMinutes: 5, keepSignedIn: true } })
  })
  it('reaches into attributes whose names hold dots', () => {
    assert.deepEqual(set({}, 'attributes.custom:a.b.required=true', 'attributes.name.label.de=Ganzer Name'), {
      attributes: { 'custom:a.b': { required: true }, name: { label: { de: 'Ganzer Name' } } },
    })
  })
})

describe('the list of settings', () => {
  it('is read from the schema, with types, choices and defaults', () => {
    assert.deepEqual(findSetting(settings, 'mfa'), {
      path: 'mfa',
      kind: 'text',
      choices: ['off', 'optional', 'required'],
      fallback: 'off',
    })
    assert.deepEqual(findSetting(settings, 'session.maxMinutes'), {
      path: 'session.maxMinutes',
      kind: 'number',
      choices: [],
      fallback: 60,
    })
    assert.equal(findSetting(settings, 'attributes.custom:team.required')?.path, 'attributes.*.required')
    assert.equal(findSetting(settings, 'signInNames')?.kind, 'list')
  })
})

describe('the word that was meant', () => {
  it('is near: a swap, a slip, another way to write it', () => {
    assert.equal(editDistance('lenght', 'length'), 1)
    assert.equal(nearestWord('call_back_urls', ['callbackUrls', 'logoutUrls']), 'callbackUrls')
    assert.equal(nearestWord('colour', ['color', 'flows']), 'color')
  })
  it('is nothing when all are far', () => assert.equal(nearestWord('banana', ['color', 'flows']), null))
})
