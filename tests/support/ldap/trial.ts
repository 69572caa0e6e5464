import type { TestContext } from 'node:test'
import type { LdapProvider, LdapProviderParts } from '#adapters/directory-ldap/ldap-provider.ts'
import type { TlsFiles } from '../tls-authority.ts'
import { ANN_SUBJECT, type Answers, type LyingDirectory, type Request, startLyingDirectory } from './lying-directory.ts'
import { ldapSettings, providerFor } from './providers.ts'
import { READER } from './staff.ts'

/** For one test. */
export const directoryWith = async (
  t: TestContext,
  answers: Answers = {},
  files?: TlsFiles,
): Promise<LyingDirectory> => {
  const directory = await startLyingDirectory(answers, files)
  t.after(() => directory.close())
  return directory
}

export const settingsFor = (directories: readonly LyingDirectory[], change: object = {}) => {
  const servers = directories.map(({ address }) => address)
  const isPlain = servers.every((address) => address.startsWith('ldap:'))
  return ldapSettings({ servers, allowPlainLoopback: isPlain, timeoutMs: 1200, serverTimeoutMs: 300, ...change })
}

/** A provider that asks these servers, for one test. */
export const providerOf = (
  t: TestContext,
  directories: readonly LyingDirectory[],
  change: object = {},
  parts: Partial<LdapProviderParts> = {},
): LdapProvider => {
  const provider = providerFor(settingsFor(directories, change), parts)
  t.after(() => provider.close())
  return provider
}

export const SIGNED_IN = `signed in: ${ANN_SUBJECT}`
export const silent = () => []
/** Not the service account. */
export const isPerson = ({ name }: Request): boolean => name !== READER.name
export const bindsOfPeople = ({ requests }: LyingDirectory): Request[] =>
  requests.filter((one) => one.kind === 'bind' && isPerson(one))
