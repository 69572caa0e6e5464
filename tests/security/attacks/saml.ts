import { at, type Rows } from './row.ts'

/** Until journeys use other providers; our own side is all there. */
const SAML = 'federation: SAML'

/** Messages of SAML, in both roles. */
export const SAML_ATTACKS: Rows = {
  66: {
    later: SAML,
    until: [
      at('tests/security/saml/wrapping.test.ts'),
      at('tests/security/saml/logout.test.ts'),
      at('tests/security/saml/idp-requests.test.ts'),
      at('tests/security/saml/idp-logout.test.ts'),
    ],
  },
  67: {
    later: SAML,
    until: [at('tests/security/saml/signatures.test.ts'), at('tests/security/saml/idp-requests.test.ts')],
  },
  68: { later: SAML, until: [at('tests/security/saml/wrapping.test.ts')] },
  69: { later: SAML, until: [at('tests/security/saml/bytes.test.ts'), at('tests/security/saml/idp-requests.test.ts')] },
  70: {
    later: SAML,
    until: [at('adapters/upstream-saml/idp-metadata.test.ts'), at('server/cli/saml-metadata.test.ts')],
  },
  71: { later: SAML, until: [at('tests/security/saml/encryption.test.ts')] },
  72: { later: SAML, until: [at('tests/security/saml/content.test.ts'), at('core/saml-idp/authn-request.test.ts')] },
  73: { later: SAML, until: [at('tests/security/saml/logout.test.ts'), at('tests/security/saml/idp-logout.test.ts')] },
  74: {
    later: SAML,
    until: [
      at('tests/security/saml/signatures.test.ts'),
      at('tests/security/saml/bytes.test.ts'),
      at('tests/security/saml/idp-requests.test.ts'),
    ],
  },
}
