import type { FlowView } from '#core/flows/flow-view.ts'

/** What may be typed as the name of an account, as the catalogue's `name.*` and `{kind, select, …}` know it. */
export type NameKind =
  | 'email'
  | 'phone_number'
  | 'email_or_phone'
  | 'username'
  | 'username_or_email'
  | 'username_or_phone'
  | 'any'

/** Preferred user names are typed like user names, and are called the same. */
export const signInNameKind = (names: FlowView['signIn']['names']): NameKind => {
  const email = names.includes('email')
  const phone = names.includes('phone_number')
  const word = names.includes('username') || names.includes('preferred_username')
  if (word) return email ? (phone ? 'any' : 'username_or_email') : phone ? 'username_or_phone' : 'username'
  if (email) return phone ? 'email_or_phone' : 'email'
  return phone ? 'phone_number' : 'username'
}

/** The kind of name this page asks for: the one to be made at sign-up, otherwise any that signs in. */
export const nameKindOf = (view: FlowView): NameKind =>
  view.step === 'sign-up' ? view.signUp.nameKind : signInNameKind(view.signIn.names)
