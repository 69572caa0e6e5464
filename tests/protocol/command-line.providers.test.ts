import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type CommandLine, openCommandLine } from '#tests/support/command-line.ts'

const SECRET = 'a secret between two servers'

describe('identity providers on the command line', () => {
  let line: CommandLine
  before(async () => {
    line = await openCommandLine({ CORP_SECRET: SECRET })
    await line.done('pools', 'create', 'Shop')
  })
  after(() => line.close())

  const inShop = (...args: string[]) => [...args, '--pool', 'Shop']
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(line.folder, name)
    await writeFile(path, text)
    return path
  }

  it('are refused with everything that is wrong, and never with their secret', async () => {
    const { run } = line
    const mistakes: [string[], number, RegExp][] = [
      [['idps', 'create', 'Corp'], 2, /known=<provider>, or kind=<kind>/],
      [['idps', 'create', 'Corp', 'kind=carrier-pigeon'], 2, /a kind is oidc, oauth, saml/],
      [
        ['idps', 'create', 'known=nobody', 'clientId=c'],
        1,
        /known: no such known provider; there are google, microsoft/,
      ],
      [
        ['idps', 'create', 'known=microsoft', 'clientId=c', '--secret-stdin'],
        1,
        /tenant: Microsoft needs the id of the tenant/,
      ],
      [['idps', 'create', 'known=gogle', 'clientId=c'], 1, /known: .*did you mean google\?/],
      [['idps', 'create', 'known=google', 'clientId=c', `secret=${SECRET}`], 2, /--secret-file/],
      [['idps', 'create', 'known=google', '--secret-stdin'], 1, /clientId: is missing/],
      [['idps', 'create', 'Campus', 'kind=saml'], 1, /metadataUrl: is needed, or the metadata itself/],
      [['idps', 'create', 'Corp', 'kind=oidc', 'isuer=https://a.example'], 1, /did you mean issuer\?/],
      [['idps', 'create', 'Corp', 'kind=oidc', 'issuer=https://a.example', 'clientId=c'], 1, /secret: is needed/],
      [
        ['idps', 'create', 'known=google', 'clientId=c', '--secret-file', '/nowhere'],
        2,
        /\/nowhere cannot be read: there is/,
      ],
      [['idps', 'show', 'Nobody'], 1, /provider-unknown/],
      [['idps', 'check', 'Nobody'], 1, /provider-unknown/],
      [['idps', 'delete', 'Nobody'], 1, /provider-unknown/],
    ]
    for (const [args, code, expected] of mistakes) {
      const ran = await run(inShop(...args), { input: SECRET })
      assert.equal(ran.code, code, args.join(' '))
      assert.match(ran.err, expected)
      assert.equal((ran.err + ran.out).includes(SECRET), false)
    }
  })

  it('are made, shown, changed, switched and deleted, their secret from a file or standard input', async () => {
    const { run, done, json, rowsOf } = line
    const secretFile = await file('secret.txt', `${SECRET}\n`)
    const made = await done(
      ...inShop('idps', 'create', 'known=google', 'clientId=c', 'position=1', '--secret-file', secretFile),
    )
    assert.match(made.out, /issuer +https:\/\/accounts\.google\.com/)
    assert.match(made.out, /Enter at the provider:\n {2}return address +http\S+\/oauth2\/idpresponse$/m)
    assert.equal(made.out.includes(SECRET), false)
    const rules = 'groupRules=[{"claim":"groups","equals":"staff","group":"staff"}]'
    const corp = ['kind=oidc', 'issuer=https://id.corp.example', 'clientId=shop', 'attributeMapping.email=mail', rules]
    const corpMade = await run(inShop('idps', 'create', 'Corp', ...corp, '--secret-stdin'), { input: `${SECRET}\n` })
    assert.equal(corpMade.code, 0, corpMade.err)
    const metadata = await file('metadata.xml', '<EntityDescriptor/>')
    await done(...inShop('idps', 'create', 'Campus', 'kind=saml', '--metadata-file', metadata))
    const campus = await json(...inShop('idps', 'show', 'Campus'))
    assert.deepEqual(Object.keys(campus.atProvider), ['metadataUrl', 'entityId', 'acsUrl', 'logoutUrl'])
    const rows = (await done(...inShop('idps', 'list'))).out.split('\n').slice(1, 4)
    assert.deepEqual(
      rows.map((row) => row.split(' ')[0]),
      ['Google', 'Campus', 'Corp'],
    )
    const shown = await json(...inShop('idps', 'show', 'corp'))
    assert.deepEqual(
      [shown.name, shown.settings.attributeMapping, shown.settings.groupRules],
      ['Corp', { email: 'mail' }, [{ claim: 'groups', equals: 'staff', group: 'staff' }]],
    )
    const auth = 'auth={"method":"client_secret_basic"}'
    await done(...inShop('idps', 'set', 'Corp', 'displayName=The Corporation', 'attributeMapping.email=', auth))
    const changed = await json(...inShop('idps', 'show', 'Corp'))
    assert.deepEqual(
      [changed.settings.displayName, changed.settings.attributeMapping, changed.settings.auth],
      ['The Corporation', {}, { method: 'client_secret_basic' }],
    )
    assert.match((await done(...inShop('idps', 'disable', 'Corp'))).out, /Corp is disabled/)
    assert.match((await done(...inShop('idps', 'list'))).out, /Corp +oidc +disabled +The Corporation/)
    assert.match((await done(...inShop('idps', 'enable', 'Corp'))).out, /Corp is enabled/)
    assert.equal((await run(inShop('idps', 'delete', 'Campus'))).code, 2)
    assert.match((await done(...inShop('idps', 'delete', 'Campus', '--yes'))).out, /deleted Campus/)
    const atRest = JSON.stringify(await rowsOf('SELECT name, secret, settings FROM identity_provider'))
    assert.equal(atRest.includes(SECRET), false)
    const events = await rowsOf("SELECT detail FROM auth_event WHERE type = 'provider.changed' ORDER BY created_at, id")
    assert.deepEqual(
      events.map(({ detail }) => (detail as { act: string }).act),
      ['create', 'create', 'create', 'change', 'disable', 'enable', 'delete'],
    )
  })

  it('are asked, and the exit code says whether all is right', async () => {
    const { run } = line
    const server = createServer((_req, res) => res.writeHead(404).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    try {
      const local = ['kind=oidc', `issuer=http://127.0.0.1:${port}`, 'clientId=c']
      assert.equal(
        (await run(inShop('idps', 'create', 'Local', ...local, '--secret-stdin'), { input: SECRET })).code,
        0,
      )
      const { code, err } = await run(inShop('idps', 'check', 'Local'))
      assert.equal(code, 1)
      assert.match(err, /WRONG/)
      assert.equal(err.includes(SECRET), false)
    } finally {
      server.close()
    }
  })

  it('are listed with what can be set and what is known', async () => {
    const { done, run } = line
    assert.match((await done('idps', 'settings', 'saml')).out, /metadataUrl/)
    assert.equal((await done('idps', 'settings', 'oidc')).out.includes('secretReference'), false)
    assert.equal((await run(['idps', 'settings', 'x'])).code, 2)
    assert.match((await done('idps', 'known')).out, /microsoft +Microsoft +oidc +tenant/)
  })

  it('have people’s identities linked, shown and unlinked', async () => {
    const { run, done, json } = line
    await done(...inShop('users', 'create', 'email=ann@example.com'))
    const on = (verb: string, ...more: string[]) => inShop('users', 'identities', verb, 'ann@example.com', ...more)
    assert.match((await done(...on('list'))).out, /no identities/)
    assert.match((await run(on('link', 'Nobody', '1'))).err, /provider-unknown/)
    assert.match((await done(...on('link', 'Corp', '248289761001'))).out, /Corp 248289761001 signs in as /)
    assert.match((await run(on('link', 'Corp', '248289761001'))).err, /identity-taken/)
    const { identities } = await json(...on('list'))
    assert.deepEqual([identities.length, identities[0].subject, identities[0].lastSignInAt], [1, '248289761001', null])
    assert.match((await done(...on('show', 'Corp', '248289761001'))).out, /never signed in/)
    assert.equal((await run(on('unlink', 'Corp', '248289761001'))).code, 2)
    assert.match((await done(...on('unlink', 'Corp', '248289761001', '--yes'))).out, /last way in/)
    assert.match((await run(on('unlink', 'Corp', '248289761001', '--yes'))).err, /identity-unknown/)
  })

  it('stand in the file, made before the apps that name them, and a second time nothing changes', async () => {
    const { run, done } = line
    const write = (secret: string, ...names: string[]) =>
      file(
        'portico.yaml',
        [
          'pools:',
          '  - name: Library',
          '    identityProviders:',
          ...names.flatMap((name) => [
            `      - name: ${name}`,
            '        kind: oidc',
            '        issuer: https://id.corp.example',
            '        clientId: library',
            `        secret: ${secret}`,
          ]),
          '      - known: gitlab',
          '        host: git.corp.example',
          '        clientId: library',
          '        secret: { env: CORP_SECRET }',
          '    clients:',
          '      - name: Web',
          '        settings: { callbackUrls: [https://library.example/], identityProviders: [COGNITO, Corp] }',
        ].join('\n'),
      )
    const inline = await run(['apply', await write(SECRET, 'Corp')])
    assert.equal(inline.code, 1)
    assert.match(inline.err, /identityProviders\.0\.secret: is not written here/)
    const stranger = await run(['apply', await write('{ env: CORP_SECRET }', 'Corporation')])
    assert.match(stranger.err, /clients\.0\.settings\.identityProviders\.1: no such identity provider/)
    const missing = await run(['apply', await write('{ env: NOBODY_SET_IT }', 'Corp')])
    assert.match(missing.err, /NOBODY_SET_IT is not set/)
    const path = await write('{ env: CORP_SECRET }', 'Corp', 'Extra')
    const planned = await done('apply', path, '--dry-run')
    assert.match(planned.out, /identity provider[^\n]*Corp[\s\S]*secret: \(secret\)[\s\S]*client[^\n]*Web/)
    assert.equal(planned.out.includes(SECRET), false)
    const made = await done('apply', path)
    assert.equal(made.out.includes(SECRET), false)
    assert.match((await done('apply', path)).out, /0 created, 0 updated, 0 deleted, 5 unchanged/)
    const gone = await done('apply', await write('{ env: CORP_SECRET }', 'Corp'), '--prune')
    assert.match(gone.out, /^- identity provider Extra/m)
  })
})
