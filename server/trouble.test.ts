import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pg from 'pg'
import { Overloaded } from '#core/shared/overloaded.ts'
import { trouble } from './trouble.ts'

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code })

describe('what broke', () => {
  it('is "not now" when the database is away, busy, stopping or full', () => {
    for (const code of ['ECONNREFUSED', 'ETIMEDOUT', '57P01', '57P03', '53300', '08006', '57014', 'P1001', 'P2024'])
      assert.equal(trouble(withCode(code)).status, 503, code)
    for (const message of [
      'Connection terminated unexpectedly',
      'timeout exceeded when trying to connect',
      "Can't reach database server",
    ])
      assert.equal(trouble(new Error(message)).status, 503, message)
  })

  it('is "not now" when too much is asked at once', () => {
    assert.equal(trouble(new Overloaded('hashing', 2)).status, 503)
  })

  it('is looked for in causes and among several', () => {
    assert.equal(trouble(new Error('outer', { cause: withCode('ECONNREFUSED') })).status, 503)
    assert.equal(trouble(new AggregateError([new Error('a'), withCode('ECONNREFUSED')])).status, 503)
    const endless = new Error('a')
    endless.cause = endless
    assert.equal(trouble(endless).status, 500)
  })

  it('is a bug otherwise: a later try would not help', () => {
    for (const error of [
      new TypeError('x is not a function'),
      withCode('23505'),
      withCode('42P01'),
      withCode('P2002'),
      'text',
      null,
      undefined,
      {},
    ])
      assert.equal(trouble(error).status, 500)
  })

  it('really is "not now" for a port where nobody listens', async () => {
    const client = new pg.Client({ connectionString: 'postgresql://nobody@127.0.0.1:1/none' })
    await assert.rejects(client.connect(), (error) => trouble(error).status === 503)
  })
})
