import type { LdapProviderSettings } from '#core/federation/ldap-settings.ts'

export interface ServerAddress {
  /** As in the settings; for the check of a provider and the log. */
  text: string
  host: string
  port: number
  protection: 'tls' | 'start-tls' | 'none'
}

/** An address of the settings, which have seen to its form. */
export const serverAddress = (text: string, { startTls }: Pick<LdapProviderSettings, 'startTls'>): ServerAddress => {
  const url = new URL(text)
  const isTls = url.protocol === 'ldaps:'
  return {
    text,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isTls ? 636 : 389) : Number(url.port),
    protection: isTls ? 'tls' : startTls ? 'start-tls' : 'none',
  }
}
