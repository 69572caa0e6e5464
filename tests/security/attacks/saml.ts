import { at, type Rows } from './row.ts'

/** Messages of SAML, in both roles. */
export const SAML_ATTACKS: Rows = {
  66: [
    at('tests/security/saml/wrapping.test.ts'),
    at('tests/security/saml/logout.test.ts'),
    at('tests/security/saml/idp-requests.test.ts'),
    at('tests/security/saml/idp-logout.test.ts'),
  ],
  67: [at('tests/security/saml/signatures.test.ts'), at('tests/security/saml/idp-requests.test.ts')],
  68: [at('tests/security/saml/wrapping.test.ts')],
  69: [at('tests/security/saml/bytes.test.ts'), at('tests/security/saml/idp-requests.test.ts')],
  70: [at('adapters/upstream-saml/idp-metadata.test.ts'), at('server/cli/saml-metadata.test.ts')],
  71: [at('tests/security/saml/encryption.test.ts')],
  72: [at('tests/security/saml/content.test.ts'), at('core/saml-idp/authn-request.test.ts')],
  73: [at('tests/security/saml/logout.test.ts'), at('tests/security/saml/idp-logout.test.ts')],
  74: [
    at('tests/security/saml/signatures.test.ts'),
    at('tests/security/saml/bytes.test.ts'),
    at('tests/security/saml/idp-requests.test.ts'),
  ],
}
