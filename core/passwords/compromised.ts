import type { BreachSource, CommonPasswords, CompromisedPasswords } from './ports.ts'

/** The shipped list as a source. Case does not matter: whoever tries `password` tries `Password` next. */
export const listedPasswords = (common: CommonPasswords): CompromisedPasswords => ({
  async find(password) {
    const listed = await common.load()
    return listed.has(password.normalize('NFKC').toLowerCase()) ? { source: 'list', count: null } : null
  },
})

export interface NamedSource {
  name: BreachSource
  passwords: CompromisedPasswords
}

export type LookUpOutcome = 'found' | 'clean' | 'unavailable'

/**
 * Several sources as one, asked in this order until one knows the password: the cheapest and most private first. Without a
 * finding, one source that could not tell makes the whole answer `unavailable`.
 *
 * @param onLookUp told of each source's answer, for counting
 */
export const compromisedPasswords = (
  sources: readonly NamedSource[],
  onLookUp: (source: BreachSource, outcome: LookUpOutcome) => void = () => undefined,
): CompromisedPasswords => ({
  async find(password) {
    let isUnsure = false
    for (const { name, passwords } of sources) {
      const answer = await passwords.find(password)
      onLookUp(name, answer === null ? 'clean' : answer === 'unavailable' ? answer : 'found')
      if (answer === 'unavailable') isUnsure = true
      else if (answer !== null) return answer
    }
    return isUnsure ? 'unavailable' : null
  },
})
