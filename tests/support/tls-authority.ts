import { execFile } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface TlsFiles {
  /** Certificate of the authority, PEM: what a client is told to trust. */
  authorityFile: string
  certificateFile: string
  keyFile: string
  certificate: Buffer
  key: Buffer
}

const DAYS = '2'

/**
 * A certificate for these host names, signed by an authority made for the occasion; all in `folder`, for two days.
 * Needs the `openssl` command, which Apache's packages bring along.
 */
export const makeCertificate = async (folder: string, hosts: readonly string[]): Promise<TlsFiles> => {
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => run('openssl', args, { timeout: 30_000 })
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await openssl(
    ...['req', '-x509', ...curve, '-days', DAYS, '-subj', '/CN=Test authority'],
    ...['-keyout', at('authority.key'), '-out', at('authority.pem')],
  )
  await openssl('req', ...curve, '-subj', `/CN=${hosts[0]}`, '-keyout', at('server.key'), '-out', at('server.csr'))
  await writeFile(
    at('server.ext'),
    `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}\nextendedKeyUsage=serverAuth\n`,
  )
  await openssl(
    ...['x509', '-req', '-in', at('server.csr'), '-days', DAYS, '-set_serial', '2', '-extfile', at('server.ext')],
    ...['-CA', at('authority.pem'), '-CAkey', at('authority.key'), '-out', at('server.pem')],
  )
  await chmod(at('server.key'), 0o600)
  // A server that gives up root's powers must still reach the authority's certificate.
  await chmod(folder, 0o711)
  await chmod(at('authority.pem'), 0o644)
  return {
    authorityFile: at('authority.pem'),
    certificateFile: at('server.pem'),
    keyFile: at('server.key'),
    certificate: await readFile(at('server.pem')),
    key: await readFile(at('server.key')),
  }
}
