import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AppClient } from '#core/clients/client-settings.ts'
import { enteredAtServiceProvider } from './addresses-shown.ts'

const LINKS = { links: { base: (poolId: string) => `https://auth.example.com/${poolId}` } }
const client = (type: string) => ({ poolId: 'P', settings: { type } }) as AppClient

describe('what an app has to know of the pool', () => {
  it('is printed for a service provider, the metadata first', () => {
    const { json, lines } = enteredAtServiceProvider(LINKS, client('saml'))
    const idp = 'https://auth.example.com/P/saml2/idp'
    assert.deepEqual(json, {
      atApp: {
        metadataUrl: `${idp}/metadata`,
        entityId: `${idp}/metadata`,
        ssoUrl: `${idp}/sso`,
        sloUrl: `${idp}/slo`,
      },
    })
    assert.deepEqual(lines.slice(1), [
      'Enter at the app, or let it import the metadata:',
      `  metadata            ${idp}/metadata`,
      `  entity id           ${idp}/metadata`,
      `  single sign-on      ${idp}/sso`,
      `  single logout       ${idp}/slo`,
    ])
  })

  it('is found by an app of another kind itself', () =>
    assert.deepEqual(enteredAtServiceProvider(LINKS, client('public')), { json: {}, lines: [] }))
})
