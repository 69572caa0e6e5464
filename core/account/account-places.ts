/** Pages of a person's own account, by the last part of their address; the overview has none. */
export const ACCOUNT_PAGES = [
  'overview',
  'profile',
  'email',
  'phone',
  'methods',
  'password',
  'sessions',
  'activity',
  'disowned',
  'apps',
  'connections',
  'data',
  'preferences',
  'delete',
] as const
export type AccountPage = (typeof ACCOUNT_PAGES)[number]

const PAGES: ReadonlySet<string> = new Set(ACCOUNT_PAGES)

/** What an address below `/account` asks for. */
export type AccountPlace =
  | AccountPage
  /** Proves anew who is there, and comes back. */
  | 'confirm'
  /** Where a sign-in to these pages comes back to. */
  | 'callback'
  /** The prepared copy of the person's data. */
  | 'download'
  /** Landing of the links that take something back. */
  | 'undo'

const OTHERS: ReadonlySet<string> = new Set(['confirm', 'callback', 'download', 'undo'])

/** The page of a name that came from outside; null when there is none: nothing else is ever gone to (attack 11). */
export const accountPage = (name: string | null): AccountPage | null =>
  name !== null && PAGES.has(name) ? (name as AccountPage) : null

/** Reads the part of an address below the base: `/account`, `/account/sessions`. Exact: null for everything else. */
export const accountPlace = (rest: string): AccountPlace | null => {
  if (rest === '/account') return 'overview'
  const [, first, name = '', more] = rest.split('/')
  if (first !== 'account' || more !== undefined || name === 'overview') return null
  return PAGES.has(name) || OTHERS.has(name) ? (name as AccountPlace) : null
}

/** Address of a page below the base. */
export const accountPath = (page: AccountPlace): string => (page === 'overview' ? '/account' : `/account/${page}`)
