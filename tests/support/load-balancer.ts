import type { TlsFiles } from './tls-authority.ts'

/** One `authenticate-oidc` rule as it is typed into a load balancer: issuer, three endpoints, client. */
export interface OidcAction {
  issuer: string
  authorizationEndpoint: string
  tokenEndpoint: string
  userInfoEndpoint: string
  /** Apache checks the ID token's signature; the load balancer keeps its way of doing so to itself. */
  jwksUri: string
  clientId: string
  clientSecret: string
  authentication: 'client_secret_basic' | 'client_secret_post'
}

export interface ProtectedSite {
  /** Host of the site, below `.localhost`: each has cookies of its own. */
  host: string
  port: number
  action: OidcAction
}

/** Paths of every protected site by what happens to a visitor without a session (`OnUnauthenticatedRequest`). */
export const RULES = { authenticate: '/', deny: '/api', allow: '/open' } as const

const UNAUTHENTICATED = { authenticate: 'auth', deny: '401', allow: 'pass' } as const

const quoted = (value: string): string => {
  if (/["\\\r\n]/.test(value)) throw new Error(`Cannot stand in Apache's configuration: ${value}`)
  return `"${value}"`
}

const location = (path: string, rule: keyof typeof UNAUTHENTICATED): string => `  <Location ${path}>
    AuthType openid-connect
    Require ${rule === 'allow' ? 'all granted' : 'valid-user'}
    OIDCUnAuthAction ${UNAUTHENTICATED[rule]}
  </Location>`

/**
 * A virtual host of Apache that does what an AWS Application Load Balancer does with an `authenticate-oidc` action:
 * code flow without PKCE, scope `openid`, callback `/oauth2/idpresponse`, userInfo with the bearer, and the claims
 * handed to the backend in `x-amzn-oidc-*` headers that no visitor can set.
 */
export const loadBalancerHost = (
  { host, port, action }: ProtectedSite,
  {
    tls,
    backendPort,
    passphrase,
    pkceLine,
  }: { tls: TlsFiles; backendPort: number; passphrase: string; pkceLine: string },
): string => `Listen 127.0.0.1:${port}
<VirtualHost 127.0.0.1:${port}>
  ServerName https://${host}:${port}
  SSLEngine on
  SSLCertificateFile ${quoted(tls.certificateFile)}
  SSLCertificateKeyFile ${quoted(tls.keyFile)}

  OIDCProviderIssuer ${quoted(action.issuer)}
  OIDCProviderAuthorizationEndpoint ${quoted(action.authorizationEndpoint)}
  OIDCProviderTokenEndpoint ${quoted(action.tokenEndpoint)}
  OIDCProviderTokenEndpointAuth ${action.authentication}
  OIDCProviderUserInfoEndpoint ${quoted(action.userInfoEndpoint)}
  OIDCProviderJwksUri ${quoted(action.jwksUri)}
  OIDCClientID ${quoted(action.clientId)}
  OIDCClientSecret ${quoted(action.clientSecret)}
  OIDCRedirectURI https://${host}:${port}/oauth2/idpresponse
  OIDCResponseType code
  OIDCScope "openid"
  ${pkceLine}
  OIDCCABundlePath ${quoted(tls.authorityFile)}
  OIDCCookie AWSELBAuthSessionCookie-0
  OIDCSessionType client-cookie
  OIDCSessionInactivityTimeout 3600
  OIDCCryptoPassphrase ${quoted(passphrase)}
  OIDCPassClaimsAs environment
  OIDCPassUserInfoAs json

  RequestHeader unset x-amzn-oidc-identity early
  RequestHeader unset x-amzn-oidc-accesstoken early
  RequestHeader unset x-amzn-oidc-data early
  RequestHeader set x-amzn-oidc-identity "%{OIDC_CLAIM_sub}e" env=OIDC_CLAIM_sub
  RequestHeader set x-amzn-oidc-accesstoken "%{OIDC_access_token}e" env=OIDC_access_token
  RequestHeader set x-amzn-oidc-data "%{OIDC_userinfo_json}e" env=OIDC_userinfo_json

${location(RULES.authenticate, 'authenticate')}
${location(RULES.deny, 'deny')}
${location(RULES.allow, 'allow')}

  ProxyPass /oauth2/idpresponse !
  ProxyPass / http://127.0.0.1:${backendPort}/
  ProxyPreserveHost On
</VirtualHost>
`
