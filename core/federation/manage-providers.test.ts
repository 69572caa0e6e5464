import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON, secondsLater } from '#tests/support/builders.ts'
import { codeOf, expectOk, poolWithAnn } from '#tests/support/memory/administration.ts'

const corp = { kind: 'oidc', name: 'Corp', clientId: 'portico', issuer: 'https://idp.example.com' }
const SECRET = 'a secret between two servers'

const setUp = async (...settings: Parameters<typeof poolWithAnn>) => {
  const world = await poolWithAnn(...settings)
  const { pool, admin } = world
  const create = (given: object, secret: string | undefined = SECRET) =>
    admin.providers.create({ poolId: pool.id, settings: given, ...(secret === '' ? {} : { secret }) })
  const change = (given: object, name = 'Corp') =>
    admin.providers.change({ poolId: pool.id, name, settings: { ...corp, ...given } })
  return { ...world, create, change }
}

describe('setting a provider up', () => {
  it('refuses what is not true of it, all at once', async () => {
    const { create, pool, admin } = await setUp({ attributes: { 'custom:number': { mutable: false } } })
    const refused = async (given: object, secret?: string) => {
      const result = await create(given, secret)
      return result.ok ? [] : (result.failure.problems ?? []).map(({ path }) => path)
    }
    assert.deepEqual(await refused({ ...corp, name: 'COGNITO' }), ['name'])
    assert.deepEqual(await refused({ ...corp, issuer: 'http://idp.example.com' }), ['issuer'])
    assert.deepEqual(await refused(corp, ''), ['secret'])
    assert.deepEqual(
      await refused({
        ...corp,
        attributeMapping: { 'custom:team': 'team', 'custom:number': 'n' },
        requiredAttributes: ['email'],
        groupRules: [{ claim: 'groups', equals: 'a', group: 'not a group' }],
      }),
      ['attributeMapping.custom:team', 'attributeMapping.custom:number', 'requiredAttributes.0', 'groupRules.0.group'],
    )
    const saml = { kind: 'saml', name: 'Saml', metadataUrl: 'https://idp.example.com/metadata' }
    assert.deepEqual(await refused(saml, SECRET), ['secret'])
    assert.equal(codeOf(await create(saml, '')), 'ok')
    assert.equal(codeOf(await admin.providers.create({ poolId: 'eu_nothere1', settings: corp })), 'pool-unknown')
    assert.equal((await admin.providers.list(pool.id)).length, 1)
  })

  it('says what to do about it', async () => {
    const { create } = await setUp()
    const because = async (given: object) => {
      const result = await create(given)
      return result.ok ? 'ok' : result.failure.because
    }
    const { name: _, ...nameless } = corp
    for (const [given, expected] of [
      [nameless, 'name: is missing'],
      [{ ...corp, name: 'My_Corp' }, 'name: 3 to 32 characters, no spaces, no underscore but as the second character'],
      [
        { ...corp, attributeMapping: { username: 'sub' } },
        'attributeMapping.username: leave it out: user names are made of the provider and its subject',
      ],
      [
        { kind: 'saml', name: 'Campus' },
        'metadataUrl: is needed, or the metadata itself: as metadataXml, or from a file',
      ],
      [{ known: 'gogle', clientId: 'c' }, 'known: no such known provider; did you mean google?'],
      [
        { known: 'apple', clientId: 'c', keyId: 'ABCDE12345' },
        'teamId: SignInWithApple needs the team id, ten capital letters and digits',
      ],
    ] as const)
      assert.equal(await because(given), expected)
  })

  it('keeps the secret under the provider’s own name, and nobody can name another', async () => {
    const { create, ports, pool, book } = await setUp()
    assert.equal(codeOf(await create({ ...corp, secretReference: 'Other' })), 'settings-refused secretReference')
    expectOk(await create(corp))
    assert.equal(await ports.providers.secret(pool.id, 'Corp'), SECRET)
    const event = book.events.findLast(({ type }) => type === 'provider.changed')
    assert.deepEqual(event?.detail, { act: 'create', by: 'test', provider: 'Corp' })
    assert.doesNotMatch(JSON.stringify(book.events), new RegExp(SECRET))
  })

  it('fills in what is known of a provider that everybody knows', async () => {
    const { create } = await setUp()
    const google = expectOk(await create({ known: 'google', clientId: 'c', position: 1 })).settings
    assert.ok(google.kind === 'oidc')
    assert.deepEqual(
      [google.name, google.type, google.logo, google.issuer, google.position],
      ['Google', 'Google', 'google', 'https://accounts.google.com', 1],
    )
    const tenant = '00000000-1111-2222-3333-444444444444'
    const microsoft = expectOk(await create({ known: 'microsoft', name: 'Work', clientId: 'c', tenant })).settings
    assert.ok(microsoft.kind === 'oidc' && microsoft.issuer.includes(tenant))
    assert.equal(microsoft.name, 'Work')
    assert.equal(codeOf(await create({ known: 'microsoft', clientId: 'c' })), 'settings-refused tenant')
    assert.equal(codeOf(await create({ known: 'nobody', clientId: 'c' })), 'settings-refused known')
    assert.equal(codeOf(await create({ known: 'google' })), 'settings-refused clientId')
    assert.equal(codeOf(await create({ known: 'google', clientId: 'c', colour: 'red' })), 'settings-refused colour')
  })
})

describe('changing a provider', () => {
  it('leaves name and kind: identities are told apart by them', async () => {
    const { create, change } = await setUp()
    assert.equal(codeOf(await change({})), 'provider-unknown')
    await create(corp)
    assert.equal(codeOf(await change({ name: 'Other' })), 'settings-refused name')
    const saml = { kind: 'saml', metadataUrl: 'https://idp.example.com/', clientId: undefined, issuer: undefined }
    assert.notEqual(codeOf(await change(saml)), 'ok')
    const changed = expectOk(await change({ displayName: 'The Corporation' }))
    assert.ok(changed.updatedAt > changed.createdAt)
  })

  it('replaces the secret alone where that is what is given', async () => {
    const { create, admin, pool, ports } = await setUp()
    await create(corp)
    expectOk(await admin.providers.change({ poolId: pool.id, name: 'Corp', secret: 'the next one' }))
    assert.equal(await ports.providers.secret(pool.id, 'Corp'), 'the next one')
    assert.equal(await admin.providers.hasSecret(pool.id, 'Corp', SECRET), false)
    assert.equal(
      codeOf(await admin.providers.change({ poolId: pool.id, name: 'Corp', secret: '' })),
      'settings-refused secret',
    )
  })
})

// Attack 26: a provider that was switched off goes on in sessions that it began.
describe('a provider that signs nobody in any more', () => {
  it('leaves nothing honoured that its people were given, however it ends', async () => {
    const { create, change, ann, admin, pool, ports, setTime } = await setUp()
    const { sub } = await ann()
    const cutOff = async () => (await ports.users.findBySub(pool.id, sub))?.user.sessionsValidAfter
    await create(corp)
    expectOk(await admin.users.linkIdentity({ pool, sub, provider: 'Corp', subject: 'ann' }))
    setTime(secondsLater(10))
    expectOk(await change({ displayName: 'Still there' }))
    assert.deepEqual(await cutOff(), NOON)
    expectOk(await change({ enabled: false }))
    assert.deepEqual(await cutOff(), secondsLater(10))
    setTime(secondsLater(20))
    expectOk(await change({ enabled: true }))
    assert.deepEqual(await cutOff(), secondsLater(10))
    expectOk(await change({ linkOnly: true }))
    assert.deepEqual(await cutOff(), secondsLater(20))
    setTime(secondsLater(30))
    expectOk(await admin.providers.delete({ poolId: pool.id, name: 'Corp' }))
    assert.deepEqual(await cutOff(), secondsLater(30))
    assert.deepEqual(await ports.identities.list(pool.id, sub), [])
    assert.equal(codeOf(await admin.providers.delete({ poolId: pool.id, name: 'Corp' })), 'provider-unknown')
  })
})

describe('an app', () => {
  it('names providers of its pool alone, and accounts of the pool itself', async () => {
    const { create, admin, pool } = await setUp()
    await create(corp)
    const make = async (name: string, ...identityProviders: string[]) =>
      codeOf(
        await admin.clients.create({
          poolId: pool.id,
          name,
          settings: { callbackUrls: ['https://app.example.com/'], identityProviders },
        }),
      )
    assert.equal(await make('One', 'COGNITO', 'Corp'), 'ok')
    assert.equal(await make('Two', 'Corp', 'corp'), 'settings-refused identityProviders.1')
    const { id } = expectOk(await admin.clients.find(pool.id, 'One'))
    const settings = { callbackUrls: ['https://app.example.com/'], identityProviders: ['Nobody'] }
    assert.equal(
      codeOf(await admin.clients.change({ poolId: pool.id, clientId: id, settings })),
      'settings-refused identityProviders.0',
    )
  })
})

describe('finding a provider', () => {
  it('takes its name in any letter case', async () => {
    const { create, admin, pool } = await setUp()
    await create(corp)
    assert.equal(expectOk(await admin.providers.find(pool.id, 'cORP')).name, 'Corp')
    assert.equal(codeOf(await admin.providers.find(pool.id, 'Corps')), 'provider-unknown')
  })
})
