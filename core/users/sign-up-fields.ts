import type { Pool, SignInNameKind } from '../pools/pool-settings.ts'
import { requiredAttributes } from './attributes.ts'

/** What a newcomer of this pool chooses first: an address where addresses are names, otherwise a user name. */
export const signUpNameKinds = ({ settings }: Pick<Pool, 'settings'>): readonly SignInNameKind[] =>
  settings.signInNames.includes('username')
    ? ['username']
    : settings.signInNames.filter((kind) => kind === 'email' || kind === 'phone_number')

/** Attributes asked for besides the name: what the pool requires, and the address a code can go to. */
export const signUpAttributes = (pool: Pick<Pool, 'settings'>): readonly string[] => {
  const kinds = signUpNameKinds(pool)
  const wanted = new Set(requiredAttributes(pool.settings))
  const first = pool.settings.autoVerify[0]
  if (kinds.includes('username') && first !== undefined) wanted.add(first)
  if (kinds.length === 1) for (const kind of kinds) wanted.delete(kind)
  return [...wanted]
}
