import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { RULES } from './support/architecture/rules.ts'
import { readSource, type SourceFile } from './support/architecture/source-file.ts'

const LEFT_OUT = /^(node_modules|generated|public|test-results|\.(next|git|portico)|next-env\.d\.ts)/

const ours: SourceFile[] = globSync('**/*.{ts,tsx,js,mjs}', { exclude: (path) => LEFT_OUT.test(path) })
  .map((path) => path.replaceAll('\\', '/'))
  .sort()
  .map((path) => readSource(path, readFileSync(path, 'utf8')))

const ruleNamed = (name: string) => RULES[name] ?? assert.fail(`no rule of the name "${name}"`)

/** For each rule: programs that must be refused, and one close by that must not. */
const SAMPLES: Record<string, { refused: [path: string, text: string][]; accepted: [path: string, text: string] }> = {
  'core stands alone: no framework, no input or output, no other room': {
    refused: [
      ['core/flows/flow.ts', `import { cookies } from 'next/headers'`],
      ['core/flows/flow.ts', `import { request } from 'node:http'`],
      ['core/flows/flow.ts', `import { createHash, randomBytes } from 'node:crypto'`],
      ['core/flows/flow.ts', `import type { Mailer } from '#adapters/mail/smtp-mailer.ts'`],
      ['core/flows/flow.ts', `const { houseOf } = await import('../../server/house.ts')`],
      ['core/flows/flow.ts', `export { t } from '#locales/translate.ts'`],
    ],
    accepted: ['core/flows/flow.ts', `import { z } from 'zod'\nimport { createHash } from 'node:crypto'`],
  },
  'capabilities of core meet in their front rooms': {
    refused: [['core/sign-in/sign-in.ts', `import { openFlow } from '#core/flows/open-flow.ts'`]],
    accepted: [
      'core/sign-in/sign-in.ts',
      `import { openFlow } from '#core/flows/index.ts'\nimport { type Flow } from '../flows/flow.ts'\nimport { ok } from '#core/shared/result.ts'`,
    ],
  },
  'an adapter knows its own library and the ports of core': {
    refused: [
      ['adapters/mail/smtp-mailer.ts', `import { systemClock } from '#adapters/clock/system-clock.ts'`],
      ['adapters/mail/smtp-mailer.ts', `import { signUp } from '#core/sign-up/sign-up.ts'`],
      ['adapters/mail/smtp-mailer.ts', `import { config } from '#server/config.ts'`],
      ['adapters/mail/smtp-mailer.ts', `import Provider from 'oidc-provider'`],
      ['adapters/mail/smtp-mailer.ts', `import { signMessage } from '#adapters/saml/sign-message.ts'`],
      ['adapters/saml/logout.ts', `import { samlProvider } from '#adapters/upstream-saml/saml-provider.ts'`],
      ['adapters/saml-idp/logout.ts', `import { samlProvider } from '#adapters/upstream-saml/saml-provider.ts'`],
    ],
    accepted: [
      'adapters/mail/smtp-mailer.ts',
      `import nodemailer from 'nodemailer'\nimport type { Mailer } from '#core/messages/ports.ts'`,
    ],
  },
  'the server composes everything but pages': {
    refused: [['server/main.ts', `import { renderPage } from '#app/_lib/render-page.tsx'`]],
    accepted: ['server/main.ts', `import { systemClock } from '#adapters/clock/system-clock.ts'`],
  },
  'pages are given data, and reach nothing': {
    refused: [
      ['app/page/route.tsx', `import { signUp } from '#core/sign-up/index.ts'`],
      ['app/page/route.tsx', `import type { House } from '#server/house.ts'`],
      ['app/page/route.tsx', `import { Provider } from 'oidc-provider'`],
    ],
    accepted: ['app/page/route.tsx', `import type { FlowView } from '#core/flows/flow-view.ts'`],
  },
  'words and looks depend on nothing but core/shared': {
    refused: [['locales/words.ts', `import type { Pool } from '#core/pools/pool-settings.ts'`]],
    accepted: ['locales/words.ts', `import { LOCALES } from '#core/shared/locales.ts'`],
  },
  'data is reached in adapters/postgres alone': {
    refused: [
      ['server/house.ts', `import { Pool } from 'pg'`],
      ['adapters/mail/smtp-mailer.ts', `import { PrismaClient } from '#generated/prisma/client.ts'`],
    ],
    accepted: ['adapters/postgres/database.ts', `import { Pool } from 'pg'`],
  },
  'oidc-provider is imported in server/oidc alone': {
    refused: [['server/front-door.ts', `import { errors } from 'oidc-provider'`]],
    accepted: ['server/oidc/build-provider.ts', `import Provider from 'oidc-provider'`],
  },
  'production code does not import tests': {
    refused: [
      ['server/house.ts', `import { memoryUsers } from '#tests/support/memory/users.ts'`],
      ['core/flows/flow.ts', `import { sample } from './flow.test.ts'`],
    ],
    accepted: ['core/flows/flow.test.ts', `import { memoryUsers } from '#tests/support/memory/users.ts'`],
  },
  'imports name files as they are': {
    refused: [['core/flows/flow.ts', `import { move } from './moves'`]],
    accepted: ['core/flows/flow.ts', `import { move } from './moves.ts'`],
  },
  'the environment is read in server/config.ts': {
    refused: [
      ['server/house.ts', `const port = process.env.PORT`],
      ['adapters/mail/smtp-mailer.ts', `const port = process['env'].PORT`],
    ],
    accepted: ['server/house.ts', `// process.env is read elsewhere\nexport const port = 1`],
  },
  'names say something': {
    refused: [
      ['core/shared/utils.ts', ''],
      ['server/helpers/text.ts', ''],
      ['server/session-manager.ts', ''],
    ],
    accepted: ['adapters/passwords/common-passwords.ts', ''],
  },
  'names are kebab-case': {
    refused: [
      ['core/flows/openFlow.ts', ''],
      ['core/sign_in/flow.ts', ''],
    ],
    accepted: ['app/[pool]/_lib/name-field.test.ts', ''],
  },
  'JSX lives in app': { refused: [['server/mail.tsx', '']], accepted: ['app/_pages/form.tsx', ''] },
  'files stay short': {
    refused: [['core/flows/flow.ts', '\n'.repeat(301)]],
    accepted: ['core/flows/flow.ts', '\n'.repeat(300)],
  },
}

describe('the rules of the house', () => {
  it('finds the rooms it watches', () => {
    for (const room of ['app/', 'core/', 'adapters/', 'server/', 'scripts/', 'tests/'])
      assert.ok(
        ours.some(({ path }) => path.startsWith(room)),
        `no file in ${room}`,
      )
  })

  for (const [name, rule] of Object.entries(RULES)) {
    it(name, () => {
      const wrong = ours.flatMap((file) => rule(file).map((problem) => `${file.path}: ${problem}`))
      if (wrong.length > 0) assert.fail(wrong.join('\n'))
    })
  }
})

describe('every rule can fail', () => {
  it('has a sample', () => assert.deepEqual(Object.keys(SAMPLES).sort(), Object.keys(RULES).sort()))

  for (const [name, { refused, accepted }] of Object.entries(SAMPLES)) {
    it(`refuses and accepts: ${name}`, () => {
      const rule = ruleNamed(name)
      for (const [path, text] of refused) assert.notDeepEqual(rule(readSource(path, text)), [], `${path}: ${text}`)
      assert.deepEqual(rule(readSource(...accepted)), [])
    })
  }

  it('tells types from values, and sees re-exports and import() calls', () => {
    const { imports } = readSource(
      'core/a/b.ts',
      `import type { A } from './a.ts'; import { type B } from './b.ts'; import { type C, d } from './c.ts'; import './e.ts'
       export type { F } from './f.ts'; export * from './g.ts'; const h = () => import('./h.ts')`,
    )
    assert.deepEqual(
      imports.map(({ target, isTypeOnly }) => `${target} ${isTypeOnly}`),
      ['a true', 'b true', 'c false', 'e false', 'f true', 'g false', 'h false'].map(
        (one) => `core/a/${one.replace(' ', '.ts ')}`,
      ),
    )
  })
})
