import { signsPeopleIn } from './provider-common.ts'

interface Findable {
  name: string
  enabled: boolean
  linkOnly: boolean
  identifiers: readonly string[]
}

const domainOf = (login: string): string | null => {
  const at = login.lastIndexOf('@')
  return at < 1 || at === login.length - 1 ? null : login.slice(at + 1)
}

/**
 * The provider that a word leads to: Cognito's `idp_identifier`, or the domain of what somebody typed as their name. Whole and
 * without regard to letter case; `evil-example.com` and `sub.example.com` are not `example.com`. Null: none.
 */
export const providerFor = <T extends Findable>(providers: readonly T[], word: string): T | null => {
  const wanted = [word, domainOf(word)].flatMap((one) => (one === null ? [] : [one.trim().toLowerCase()]))
  const found = providers.filter(
    (provider) =>
      signsPeopleIn(provider) && provider.identifiers.some((identifier) => wanted.includes(identifier.toLowerCase())),
  )
  // Identifiers are unique in a pool; were two to claim one all the same, neither gets it (attack 64).
  return found.length === 1 ? (found[0] ?? null) : null
}
