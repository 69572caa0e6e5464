import type { AppClient } from './client-settings.ts'

/** Where the journey of a SAML client comes back to: our own, and no code ever goes further. Below the pool's address. */
export const SAML_CONTINUE_PATH = '/saml2/idp/continue'

/**
 * A SAML client as the authorization endpoint sees it: a public one with a single address, ours, whose codes are bound to a
 * verifier that nobody else has. Others are as they are.
 *
 * @param base address of the pool's pages
 */
export const asAuthorizationClient = (client: AppClient, base: string): AppClient =>
  client.settings.type !== 'saml'
    ? client
    : {
        ...client,
        settings: {
          ...client.settings,
          callbackUrls: [`${base}${SAML_CONTINUE_PATH}`],
          flows: ['authorization_code'],
          pkce: 'required',
        },
      }
