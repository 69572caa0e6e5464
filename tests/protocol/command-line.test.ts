import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type CommandLine, openCommandLine } from '#tests/support/command-line.ts'

const VARIABLES: Readonly<Record<string, string>> = { DEMO_CLIENT_SECRET: 'd'.repeat(43) }

describe('the command line', () => {
  let line: CommandLine
  before(async () => {
    line = await openCommandLine(VARIABLES)
  })
  after(() => line.close())

  it('says what it did not understand, with exit 2, and needs no database for that', async () => {
    const { run, spawned } = line
    const nowhere = await spawned(['user', 'create'], { env: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' } })
    assert.deepEqual([nowhere.code, nowhere.out], [2, ''])
    assert.match(nowhere.err, /there is no command "user create"; did you mean "users create"\?/)
    const mistakes: [string[], RegExp][] = [
      [[], /^portico: administer user pools/],
      [['users', 'list', '--pol', 'Shop'], /Unknown option '--pol'/],
      [['users'], /^portico users/],
    ]
    for (const [args, expected] of mistakes) {
      const { code, err, out } = await run(args)
      assert.equal(code, 2)
      assert.match(err + out, expected)
    }
  })

  it('explains itself at every level, with examples', async () => {
    const { done, spawned } = line
    for (const [args, expected] of [
      [['--help'], /Exit codes[\s\S]*Examples\n {2}portico pools create Shop/],
      [['help'], /Exit codes/],
      [['clients', '--help'], /clients add-secret <client>[\s\S]*Examples/],
      [['users', 'set-password', '--help'], /--password-stdin[\s\S]*Examples/],
      [['apply', '--help'], /--dry-run/],
    ] as const) {
      const { out } = await done(...args)
      assert.match(out, expected)
    }
    const { out, err, code } = await spawned(['--help'])
    assert.deepEqual([code, err, out.includes('\u001b')], [0, '', false])
  })

  it('refuses a wrong configuration with exit 78, by name and without values', async () => {
    const { spawned } = line
    const { code, err } = await spawned(['pools', 'list'], { env: { PORT: 'ninety', PORTICO_SECRET: 'short' } })
    assert.equal(code, 78)
    assert.match(err, /PORT: /)
    assert.match(err, /PORTICO_SECRET: /)
    assert.equal(/ninety|short/.test(err), false)
    assert.equal((await spawned(['pools', 'list'], { env: { PORTICO_SECRET: 'another'.repeat(8) } })).code, 78)
  })

  it('says with exit 69 that the database cannot be reached', async () => {
    const { spawned } = line
    const { code, err } = await spawned(['pools', 'list'], {
      env: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' },
    })
    assert.equal(code, 69)
    assert.match(err, /the database cannot be reached/)
  })

  it('takes a pool from its making to its end', async () => {
    const { run, done, json } = line
    const refused = await run(['pools', 'create', 'Shop', 'session.maxMinuts=5', 'selfSignUp=perhaps'])
    assert.equal(refused.code, 1)
    assert.equal(
      refused.err,
      'settings-refused:\n  session.maxMinuts: unknown setting; did you mean session.maxMinutes?\n  selfSignUp: must be true or false\n',
    )
    const pool = await json('pools', 'create', 'Shop', 'session.maxMinutes=5', '--set', 'owner=Ann')
    assert.match(pool.id, /^eu-local-1_[A-Za-z0-9]{9}$/)
    assert.equal((await run(['pools', 'create', 'Shop'])).err, 'already-exists (name): That name is already in use.\n')
    assert.equal(
      (await json('pools', 'set', 'Shop', 'owner=', 'attributes.custom:team.maxLength=9', '--name', 'Store')).settings
        .owner,
      undefined,
    )
    assert.match((await done('pools', 'show', pool.id)).out, /^attributes\.custom:team\.maxLength +9$/m)
    assert.match((await done('pools', 'list')).out, /^eu-local-1_\w+ {2}Store /m)
    assert.equal((await run(['pools', 'delete', 'Store'])).code, 2)
    await done('pools', 'delete', 'Store', '--yes')
    assert.deepEqual(await json('pools', 'list'), [])
    assert.deepEqual(await run(['pools', 'show', 'Store']), {
      code: 1,
      out: '',
      err: 'pool-unknown: There is no such user pool.\n',
    })
  })

  it('prints a client’s secret when it is made and never again', async () => {
    const { done, json, rowsOf } = line
    await done('pools', 'create', 'Apps')
    await done(
      'resource-servers',
      'create',
      'api',
      '--pool',
      'Apps',
      '--name',
      'API',
      '--scope',
      'read=See orders',
      '--scope',
      'write=Change orders',
    )
    const created = await json(
      'clients',
      'create',
      'Web',
      '--pool',
      'Apps',
      'callbackUrls=https://a.example/cb,https://b.example/cb',
      'scopes=openid,api/read',
    )
    assert.deepEqual(created.settings.callbackUrls, ['https://a.example/cb', 'https://b.example/cb'])
    const second = await json('clients', 'add-secret', 'Web', '--pool', 'Apps')
    for (const secret of [created.secret, second.secret]) assert.match(secret, /^[a-z0-9]{51}$/)
    const shown = [
      await done('clients', 'show', 'Web', '--pool', 'Apps'),
      await done('clients', 'list', '--pool', 'Apps', '--json'),
    ]
      .map(({ out }) => out)
      .join()
    for (const secret of [created.secret, second.secret]) assert.equal(shown.includes(secret), false)
    const kept = JSON.stringify(
      await rowsOf(
        'SELECT * FROM client_secret UNION ALL SELECT pool_id, type, id::text, detail::text, created_at FROM auth_event',
      ),
    )
    assert.equal(kept.includes(created.secret), false)
    await done('clients', 'remove-secret', 'Web', second.id, '--pool', 'Apps', '--yes')
    await done('clients', 'disable', 'Web', '--pool', 'Apps')
    assert.match((await done('clients', 'list', '--pool', 'Apps')).out, / disabled /)
    await done('clients', 'delete', created.id, '--pool', 'Apps', '--yes')
    await done('resource-servers', 'delete', 'api', '--pool', 'Apps', '--yes')
  })

  it('administers people, and takes no password from its arguments', async () => {
    const { run, done, json, rowsOf } = line
    await done('pools', 'create', 'People')
    const pool = ['--pool', 'People']
    assert.equal((await run(['users', 'create', ...pool, 'email=ann@example.com', '--password', 'x'])).code, 2)
    const weak = await run(['users', 'create', ...pool, 'email=ann@example.com', '--password-stdin'], {
      input: 'short\n',
    })
    assert.deepEqual(
      [weak.code, weak.err],
      [1, 'new-password-short (password): Use at least 15 characters. A few words together work well.\n'],
    )
    const ann = await run(
      ['users', 'create', ...pool, 'email=Ann@Example.com', 'email_verified=true', '--password-stdin', '--json'],
      { input: 'a walk in the rain\n' },
    )
    const { sub } = JSON.parse(ann.out)
    await done(
      'users',
      'create',
      ...pool,
      'email=bo@example.com',
      'phone_number=+49 30 123456',
      '--invite',
      '--by',
      'sms',
    )
    assert.match((await done('users', 'list', ...pool)).out, /^more|FORCE_CHANGE_PASSWORD/m)

    await done('groups', 'create', 'staff', ...pool, 'precedence=1')
    await done('groups', 'add', 'staff', 'ann@example.com', 'bo@example.com', ...pool)
    assert.deepEqual((await json('users', 'show', sub, ...pool)).groups, ['staff'])
    const first = await json('users', 'list', ...pool, '--group', 'staff', '--limit', '1')
    const second = await json('users', 'list', ...pool, '--group', 'staff', '--limit', '1', '--after', first.next)
    assert.deepEqual([first.users[0].sub, second.users.length, second.next], [sub, 1, null])
    assert.equal((await run(['users', 'list', ...pool, '--after', 'nonsense'])).code, 2)

    await done('users', 'set', 'ann@example.com', ...pool, 'name=Ann Lee')
    await done('users', 'reset-password', 'ann@example.com', ...pool)
    assert.equal((await run(['users', 'confirm', sub, ...pool])).code, 1)
    await done('users', 'disable', sub, ...pool)
    await done('users', 'enable', sub, ...pool)
    await done('users', 'sign-out', sub, ...pool)
    assert.match(
      (await done('users', 'factors', sub, ...pool)).out,
      /^no factors\nasked for first: whichever they choose/m,
    )
    assert.equal((await run(['users', 'prefer-factor', sub, 'totp', ...pool])).code, 1)
    assert.equal((await run(['users', 'prefer-factor', sub, 'pigeon', ...pool])).code, 2)
    assert.equal((await run(['users', 'reset-factors', sub, ...pool])).code, 2)
    assert.deepEqual((await json('users', 'reset-factors', sub, ...pool, '--yes', '--invite')).removed, [])
    const messages = await rowsOf('SELECT channel, purpose FROM outbox ORDER BY id')
    assert.deepEqual(messages, [
      { channel: 'sms', purpose: 'invitation' },
      { channel: 'email', purpose: 'recovery-code' },
      { channel: 'email', purpose: 'set-up-factor' },
    ])
    await done('users', 'delete', sub, ...pool, '--yes')
    assert.equal((await run(['users', 'show', sub, ...pool])).err, 'user-missing: There is no such user.\n')
    const acts = await rowsOf(
      "SELECT type FROM auth_event WHERE sub = $1 AND detail->>'by' LIKE 'cli%' ORDER BY created_at, id",
      sub,
    )
    assert.ok(acts.length >= 7)
  })

  it('applies a file twice, and the second time changes nothing', async () => {
    const { run, done, folder } = line
    const file = join(folder, 'portico.yaml')
    await writeFile(join(folder, 'secret.txt'), 'a-secret-that-somebody-else-made-up-42\n')
    await writeFile(
      file,
      'pools:\n  - name: Filed\n    clients:\n      - name: Web\n        secrt: { file: secret.txt }\n        settings: { callbackUrls: [https://a.example/cb] }\n',
    )
    const refused = await run(['apply', file])
    assert.deepEqual(
      [refused.code, refused.err],
      [1, `${file}:5:9 pools.0.clients.0.secrt: unknown setting; did you mean secret?\nnothing was changed\n`],
    )
    await writeFile(
      file,
      'pools:\n  - name: Filed\n    clients:\n      - name: Web\n        secret: { file: secret.txt }\n        settings: { callbackUrls: [https://a.example/cb] }\n',
    )
    assert.match(
      (await done('apply', file, '--dry-run')).out,
      /2 to create, 0 to update, 0 to delete, 0 unchanged; nothing was changed\n$/,
    )
    assert.equal((await run(['pools', 'show', 'Filed'])).code, 1)
    const first = await done('apply', file)
    assert.match(first.out, /2 created, 0 updated, 0 deleted, 0 unchanged\n$/)
    assert.equal(first.out.includes('somebody'), false)
    assert.match((await done('apply', file)).out, /0 created, 0 updated, 0 deleted, 2 unchanged\n$/)
    assert.equal((await run(['apply', join(folder, 'missing.yaml')])).code, 2)
  })

  it('takes a look from files: stylesheet and logo, checked, made anew, kept by content', async () => {
    const { folder, run, done, rowsOf } = line
    const file = join(folder, 'look.yaml')
    const yaml = (logo: string) =>
      `pools:\n  - name: Looked\n    theme:\n      settings: { hue: 200 }\n      css: { file: look.css }\n      logo: { file: ${logo}, alt: Shop }\n`
    await writeFile(join(folder, 'look.css'), '.submitButton-customizable { border-radius: 4px }')
    await writeFile(join(folder, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    // One red pixel.
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
    await writeFile(join(folder, 'logo.png'), Buffer.from(pixel, 'base64'))
    await writeFile(file, yaml('logo.svg'))
    const refused = await run(['apply', file])
    assert.equal(refused.code, 1)
    assert.match(refused.err, /look\.yaml:6:15 pools\.0\.theme\.logo\.file: SVG can carry scripts/)
    await writeFile(file, yaml('logo.png'))
    await done('apply', file)
    assert.match((await done('apply', file)).out, /= theme Looked/)
    const [look] = await rowsOf(
      "SELECT t.css, a.content_type FROM theme t JOIN theme_asset a ON a.pool_id = t.pool_id AND a.hash = t.settings->'logo'->>'asset'",
    )
    assert.deepEqual([look?.content_type, String(look?.css).includes('border-radius')], ['image/png', true])
  })

  it('remarks on colours that cannot be read and on CSS that was bent, and is strict about them when told', async () => {
    const { folder, run, done, rowsOf } = line
    const file = join(folder, 'pale.yaml')
    await writeFile(join(folder, 'bent.css'), '.inputField-customizable {\n  height: 34px\n}')
    await writeFile(
      file,
      'pools:\n  - name: Pale\n    theme:\n      settings: { brand: "#ffcc00", colors: { light: { ink: "#bbbbbb" } } }\n      css: { file: bent.css }\n',
    )
    const refused = await run(['apply', file, '--strict'])
    assert.equal(refused.code, 1)
    assert.match(refused.err, /^! theme Pale: ink on ground, light, has \d\.\d\d:1 and needs 4\.5:1$/m)
    assert.match(
      refused.err,
      /^! theme Pale: #ffcc00 is used as #[0-9a-f]{6} for link, light, so that it can be read$/m,
    )
    assert.match(refused.err, /^! theme Pale: bent\.css:2:11 .+\nnothing was changed$/m)
    assert.equal((await run(['pools', 'show', 'Pale'])).code, 1)
    const dry = JSON.parse((await done('apply', file, '--dry-run', '--json')).out) as { remarks: { about: string }[] }
    assert.deepEqual(new Set(dry.remarks.map(({ about }) => about)), new Set(['contrast', 'brand', 'css']))
    assert.match((await done('apply', file)).out, /^! theme Pale: ink on ground/m)
    assert.deepEqual(
      await rowsOf(
        "SELECT detail->>'by' AS by FROM auth_event WHERE type = 'theme.changed' AND pool_id = (SELECT id FROM pool WHERE name = 'Pale')",
      ),
      [{ by: 'cli:test' }],
    )
  })

  it('makes the demo from its file', async () => {
    const { json, spawned } = line
    const demo = fileURLToPath(new URL('../../prisma/seed/portico.demo.yaml', import.meta.url))
    const ran = await spawned(['apply', demo, '--json'], { env: { ...VARIABLES } })
    assert.equal(ran.code, 0, ran.err)
    assert.equal(JSON.parse(ran.out).failure, null)
    assert.deepEqual((await json('users', 'show', 'ann@fjord-books.example', '--pool', 'Demo')).groups, ['booksellers'])
  })
})
