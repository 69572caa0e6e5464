import type { LdapProviderSettings } from '#core/federation/ldap-settings.ts'

const MOST_CHARACTERS = 256

const withoutDomain = (login: string, { netbiosDomain, stripsDomain, identifiers }: LdapProviderSettings): string => {
  const slash = login.indexOf('\\')
  if (netbiosDomain !== null && slash > 0 && login.slice(0, slash).toLowerCase() === netbiosDomain.toLowerCase())
    return login.slice(slash + 1)
  const at = login.lastIndexOf('@')
  const domain = login.slice(at + 1).toLowerCase()
  return stripsDomain && at > 0 && identifiers.some((one) => one.toLowerCase() === domain) ? login.slice(0, at) : login
}

/** The name as the directory knows it; null: nobody can be called that. */
export const readLogin = (typed: string, settings: LdapProviderSettings): string | null => {
  const login = withoutDomain(typed.trim(), settings)
  // A server written in C may end the name at a NUL and find somebody else.
  return login === '' || login.length > MOST_CHARACTERS || /[\p{Cc}\p{Cs}]/u.test(login) ? null : login
}

const MOST_PASSWORD_BYTES = 1024

/** RFC 4513 §5.1.2: without a password a bind succeeds for anybody. A NUL at its start is no password to a server written in C. */
export const isSendable = (password: string): boolean =>
  password !== '' && !password.includes('\0') && Buffer.byteLength(password) <= MOST_PASSWORD_BYTES
