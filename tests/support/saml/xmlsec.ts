import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const HOW_TO_INSTALL_XMLSEC = 'xmlsec1 is missing: apt-get install xmlsec1'

const IDS = [
  'urn:oasis:names:tc:SAML:2.0:protocol:Response',
  'urn:oasis:names:tc:SAML:2.0:protocol:LogoutRequest',
  'urn:oasis:names:tc:SAML:2.0:protocol:LogoutResponse',
  'urn:oasis:names:tc:SAML:2.0:assertion:Assertion',
].flatMap((name) => ['--id-attr:ID', name])

const withFiles = async <T>(
  files: Readonly<Record<string, string>>,
  act: (at: (name: string) => string) => Promise<T>,
) => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-xmlsec-'))
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 })
    return await act((name) => join(folder, name))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Whether a stranger — xmlsec1, on libxml2 and OpenSSL — finds the signature of the element of this name good under the
 * certificate, which is believed for the test's sake; what the document says of keys is not looked at.
 */
export const xmlsecVerifies = (xml: string, element: string, certificate: string): Promise<boolean> =>
  withFiles({ 'message.xml': xml, 'certificate.pem': certificate }, (at) =>
    run('xmlsec1', [
      ...['--verify', '--enabled-key-data', 'key-name', '--pubkey-cert-pem', at('certificate.pem'), ...IDS],
      ...['--node-xpath', `//*[local-name()='${element}']/*[local-name()='Signature']`, at('message.xml')],
    ]).then(
      () => true,
      () => false,
    ),
  )

/** The document with what was encrypted in it opened. */
export const xmlsecOpens = (xml: string, privateKey: string): Promise<string> =>
  withFiles({ 'message.xml': xml, 'key.pem': privateKey }, async (at) => {
    const { stdout } = await run('xmlsec1', ['--decrypt', '--privkey-pem', at('key.pem'), at('message.xml')])
    return stdout
  })
