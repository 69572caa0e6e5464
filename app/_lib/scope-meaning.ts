import type { Translator } from './i18n.ts'

const STANDARD = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'] as const

/** What a scope lets an app do, in a sentence: the resource server's own, the catalogue's, or the bare name. */
export const scopeMeaning = (
  { scope, description }: { scope: string; description: string | null },
  t: Translator,
): string => {
  if (description !== null) return description
  const standard = STANDARD.find((name) => name === scope)
  if (standard) return t(`scope.${standard}`)
  return scope === 'aws.cognito.signin.user.admin' ? t('scope.account') : t('scope.other', { scope })
}
