import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findApacheWith, type RunningApache, runApache } from './apache.ts'
import { selfSigned } from './saml/self-signed.ts'
import type { TlsFiles } from './tls-authority.ts'

export const HOW_TO_INSTALL_MELLON =
  'Apache with mod_auth_mellon is missing: apt-get install apache2 libapache2-mod-auth-mellon'

export const findMellon = () => findApacheWith('auth_mellon')

/** A site of other people's making that speaks SAML: mod_auth_mellon, which stands on lasso and xmlsec. */
export interface MellonSite {
  /** Host below `.localhost`: each has cookies of its own. */
  host: string
  port: number
}

/** Paths of every site. */
export const PAGES = { home: '/', left: '/open/left.shtml', metadata: '/mellon/metadata' } as const

const home = (logout: string): string => `<!doctype html><html lang="en"><title>Wiki</title>
<h1>Welcome to the wiki</h1>
<dl>
<dt>User</dt><dd id="user"><!--#echo var="REMOTE_USER" --></dd>
<dt>Mail</dt><dd id="mail"><!--#echo var="MELLON_mail" --></dd>
<dt>Groups</dt><dd id="groups"><!--#echo var="MELLON_groups" --></dd>
</dl>
<p><a href="${logout}">Sign out</a></p></html>`

const LEFT = '<!doctype html><html lang="en"><title>Wiki</title><h1>You have left the wiki</h1></html>'

const hostOf = ({ host, port }: MellonSite, folder: string, tls: TlsFiles): string => `Listen 127.0.0.1:${port}
<VirtualHost 127.0.0.1:${port}>
  ServerName https://${host}:${port}
  SSLEngine on
  SSLCertificateFile "${tls.certificateFile}"
  SSLCertificateKeyFile "${tls.keyFile}"
  DocumentRoot "${join(folder, host)}"
  DirectoryIndex index.shtml
  <Directory "${join(folder, host)}">
    Options +Includes
    Require all granted
  </Directory>
  AddType text/html .shtml
  AddOutputFilter INCLUDES .shtml
  <Location />
    AuthType Mellon
    MellonEnable auth
    Require valid-user
    MellonEndpointPath /mellon
    MellonSecureCookie On
    MellonCookieSameSite Lax
    MellonVariable ${host.split('.')[0]}
    MellonSPPrivateKeyFile "${join(folder, `${host}.key`)}"
    MellonSPCertFile "${join(folder, `${host}.pem`)}"
    MellonIdPMetadataFile "${join(folder, 'idp.xml')}"
    MellonMergeEnvVars On ";"
  </Location>
  <Location /open>
    MellonEnable info
    Require all granted
  </Location>
</VirtualHost>`

/**
 * Apache with sites that only signed-in people see, in a folder of its own.
 *
 * @param idpMetadata what their operators imported
 */
export const startMellon = async (
  sites: readonly MellonSite[],
  { folder, tls, idpMetadata }: { folder: string; tls: TlsFiles; idpMetadata: string },
): Promise<RunningApache> => {
  const installed = findMellon()
  if (installed === null) throw new Error(HOW_TO_INSTALL_MELLON)
  // Apache gives up root's powers before it reads these.
  const write = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o644 })
  await chmod(folder, 0o711)
  await write('idp.xml', idpMetadata)
  for (const { host, port } of sites) {
    const { privateKey, certificate } = selfSigned(host)
    await write(`${host}.key`, privateKey)
    await write(`${host}.pem`, certificate)
    await mkdir(join(folder, host, 'open'), { recursive: true, mode: 0o755 })
    const back = encodeURIComponent(`https://${host}:${port}${PAGES.left}`)
    await write(join(host, 'index.shtml'), home(`/mellon/logout?ReturnTo=${back}`))
    await write(join(host, PAGES.left), LEFT)
  }
  return runApache(installed, {
    modules: ['auth_mellon', 'include', 'mime', 'dir'],
    port: sites[0]?.port ?? 0,
    hosts: () => ['TypesConfig /dev/null', ...sites.map((site) => hostOf(site, folder, tls))].join('\n'),
  })
}
