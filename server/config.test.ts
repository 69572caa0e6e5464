import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigError, readConfig } from './config.ts'

const SECRET = 'a'.repeat(43)
const PRODUCTION = {
  PUBLIC_ORIGIN: 'https://id.example.com',
  PORTICO_SECRET: SECRET,
  SMTP_URL: 'smtps://portico:s%40crit@mail.example.com',
  MAIL_FROM: 'Example <no-reply@example.com>',
}

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

/** The variables that are complained about. */
const blamed = (environment: Record<string, string>): string[] =>
  problemsOf(environment)
    .map((problem) => problem.split(':')[0] ?? '')
    .sort()

describe('the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-config-'))
  after(() => rmSync(folder, { recursive: true }))

  it('is complete without a single variable, on a loopback address', () => {
    const config = readConfig({})
    assert.equal(config.mode, 'development')
    assert.equal(config.publicHost, 'localhost:3000')
    assert.equal(config.seedDemo, true)
  })

  it('takes any other address for production', () => {
    assert.equal(readConfig(PRODUCTION).mode, 'production')
    assert.equal(readConfig(PRODUCTION).seedDemo, false)
    assert.equal(readConfig({ ...PRODUCTION, PORTICO_MODE: 'development' }).mode, 'development')
    assert.deepEqual(blamed({ PORTICO_MODE: 'production' }), ['PORTICO_SECRET', 'PUBLIC_ORIGIN', 'SMTP_URL'])
  })

  it('names everything that is wrong at once, in form and in sense', () => {
    const environment = {
      PUBLIC_ORIGIN: 'http://id.example.com',
      PORT: 'abc',
      PORTICO_COLOUR: 'red',
      LOG_LEVEL: 'loud',
    }
    assert.deepEqual(blamed(environment), [
      'LOG_LEVEL',
      'PORT',
      'PORTICO_COLOUR',
      'PORTICO_SECRET',
      'PUBLIC_ORIGIN',
      'SMTP_URL',
    ])
  })

  it('never repeats a value', () => {
    const said = problemsOf({ PORTICO_SECRET: 'hush-hush', SMTP_URL: 'hush-hush', DATABASE_URL: 'hush-hush' }).join()
    assert.equal(said.split('PORTICO_SECRET').length, 2)
    assert.equal(said.includes('hush'), false)
  })

  for (const [what, value] of [
    ['a path', 'https://id.example.com/auth'],
    ['a slash at the end', 'https://id.example.com/'],
    ['no scheme', 'id.example.com'],
    ['another scheme', 'ftp://id.example.com'],
  ] as const)
    it(`refuses an origin with ${what}`, () => {
      assert.deepEqual(blamed({ ...PRODUCTION, PUBLIC_ORIGIN: value }), ['PUBLIC_ORIGIN'])
    })

  it('refuses proxies that are no network, and takes both families', () => {
    const proxies = (TRUSTED_PROXY_NETWORKS: string) => blamed({ TRUSTED_PROXY_NETWORKS })
    assert.deepEqual(proxies('10.0.0.0/8, 2001:db8::/32,192.0.2.7'), [])
    for (const wrong of ['10.0.0.0/33', '10.0.0/8', 'proxy.internal', '10.0.0.0/8/8', '10.0.0.0/'])
      assert.deepEqual(proxies(wrong), ['TRUSTED_PROXY_NETWORKS'], wrong)
  })

  it('refuses addresses that messages could not leave by', () => {
    assert.deepEqual(blamed({ ...PRODUCTION, SMTP_URL: 'smtp://' }), ['SMTP_URL'])
    assert.deepEqual(blamed({ ...PRODUCTION, SMS_GATEWAY_URL: 'http://sms.example.com/send' }), ['SMS_GATEWAY_URL'])
    assert.deepEqual(blamed({ ...PRODUCTION, SMS_GATEWAY_URL: 'http://127.0.0.1:8080/send' }), [])
  })

  it('refuses to ask for leaked passwords where anybody could listen or answer', () => {
    const asking = (BREACH_RANGE_URL: string) => blamed({ ...PRODUCTION, BREACH_RANGE_URL })
    for (const url of ['https://api.pwnedpasswords.com', 'https://mirror.example.com/pwned/', 'http://127.0.0.1:8080'])
      assert.deepEqual(asking(url), [], url)
    for (const url of [
      'http://mirror.example.com',
      'https://user:secret@mirror.example.com',
      'https://m.example/?key=1',
    ])
      assert.deepEqual(asking(url), ['BREACH_RANGE_URL'], url)
    assert.deepEqual(blamed({ BREACH_RANGE_URL: 'http://mirror.example.com' }), [])
  })

  it('refuses to send events where anybody could listen, and a token for nowhere', () => {
    const sending = (EVENT_SINK_URL: string) => blamed({ EVENT_SINK_URL, EVENT_SINK_TOKEN: 'token' })
    for (const url of ['https://siem.example.com/in?source=portico', 'http://127.0.0.1:8088/', 'http://[::1]:8088/'])
      assert.deepEqual(sending(url), [], url)
    for (const url of ['http://siem.example.com/', 'https://user:secret@siem.example.com/', 'ftp://siem.example.com/'])
      assert.deepEqual(sending(url), ['EVENT_SINK_URL'], url)
    assert.deepEqual(blamed({ EVENT_SINK_TOKEN: 'token' }), ['EVENT_SINK_TOKEN'])
  })

  it('refuses to send production’s mail in the name of nobody, or of this machine', () => {
    const { MAIL_FROM: _, ...rest } = PRODUCTION
    assert.deepEqual(blamed(rest), ['MAIL_FROM'])
    assert.deepEqual(blamed({ ...rest, MAIL_FROM: 'Portico <no-reply@localhost>' }), ['MAIL_FROM'])
    assert.deepEqual(blamed({ ...rest, PORTICO_MODE: 'development' }), [])
  })

  it('reads a value from a file, and refuses to choose between two', () => {
    const file = join(folder, 'secret')
    writeFileSync(file, `${SECRET}\n`)
    const { PORTICO_SECRET: _, ...rest } = PRODUCTION
    assert.equal(readConfig({ ...rest, PORTICO_SECRET_FILE: file }).PORTICO_SECRET, SECRET)
    assert.deepEqual(blamed({ ...PRODUCTION, PORTICO_SECRET_FILE: file }), ['PORTICO_SECRET'])
    assert.deepEqual(blamed({ ...rest, PORTICO_SECRET_FILE: join(folder, 'gone') }), [
      'PORTICO_SECRET',
      'PORTICO_SECRET_FILE',
    ])
  })

  it('takes an empty variable for one that is not set', () => {
    assert.equal(readConfig({ DATABASE_URL: '', PORT: '' }).DATABASE_URL, undefined)
  })
})
