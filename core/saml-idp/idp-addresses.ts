/** Addresses of a pool as SAML identity provider, below its issuer; the entity id is where its metadata is found. */
export const samlIdpAddresses = (issuer: string) => ({
  entityId: `${issuer}/saml2/idp/metadata`,
  ssoUrl: `${issuer}/saml2/idp/sso`,
  sloUrl: `${issuer}/saml2/idp/slo`,
})
