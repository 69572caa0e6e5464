import { generateKeyPairSync } from 'node:crypto'

const MODULES = '/usr/lib/glewlwyd'
export const GLEWLWYD_FILES = {
  binary: '/usr/bin/glewlwyd',
  modules: MODULES,
  schema: '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3',
  pages: '/usr/share/glewlwyd/webapp',
  pageSettings: '/usr/share/glewlwyd/templates/config.json',
} as const

/** Without these its pages come as downloads. */
const MIME_TYPES = Object.entries({
  html: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  woff: 'font/woff',
  ttf: 'font/ttf',
}).map(([name, type]) => `{ extension=".${name}"; mime_type="${type}"; compress=0; }`)

/** Its own default for every path that it insists on hearing about. */
export const glewlwydConfiguration = (folder: string, port: number): string => `
port=${port}
bind_address="127.0.0.1"
external_url="http://127.0.0.1:${port}"
login_url="login.html"
api_prefix="api"
log_mode="console"
log_level="WARNING"
cookie_secure=0
session_expiration=3600
session_key="GLEWLWYD2_SESSION_ID"
admin_session_authentication="cookie"
profile_session_authentication="cookie"
login_api_enabled=true
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="${MODULES}/user"
client_module_path="${MODULES}/client"
user_auth_scheme_module_path="${MODULES}/scheme"
plugin_module_path="${MODULES}/plugin"
use_secure_connection=false
secure_connection_key_file="/none"
secure_connection_pem_file="/none"
secure_connection_ca_file="/none"
static_files_path="${folder}/pages"
static_files_mime_types=(${MIME_TYPES.join(', ')})
allow_multiple_user_per_session=true
user_middleware_module_path="${MODULES}/user_middleware"
hash_algorithm="SHA512"
database = { type="sqlite3"; path="${folder}/glewlwyd.db"; };
`

/** Settings of its OpenID Connect part: signed with RS256, PKCE demanded, userInfo with name and address, sign-out. */
export const glewlwydOpenIdConnect = (issuer: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    module: 'oidc',
    name: 'oidc',
    display_name: 'OpenID Connect',
    parameters: {
      iss: issuer,
      'oauth-as-iss-id': true,
      'jwt-type': 'rsa',
      'jwt-key-size': '256',
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'access-token-duration': 3600,
      'refresh-token-duration': 3600,
      'code-duration': 600,
      'auth-type-code-enabled': true,
      'auth-type-token-enabled': false,
      'auth-type-none-enabled': false,
      'auth-type-password-enabled': false,
      'auth-type-client-enabled': false,
      'auth-type-device-enabled': false,
      'auth-type-refresh-enabled': true,
      'jwks-show': true,
      'pkce-allowed': true,
      'pkce-required': true,
      'name-claim': 'mandatory',
      'email-claim': 'mandatory',
      'allowed-scope': ['openid'],
      'subject-type': 'public',
      'session-management-allowed': true,
      'front-channel-logout-allowed': true,
      'back-channel-logout-allowed': true,
      'session-cookie-name': 'GLEWLWYD2_OIDC_SID',
      'session-cookie-expiration': 3600,
    },
  }
}
