import { KnownName } from '../name-field.tsx'
import { CurrentPassword, NewPassword } from '../password-field.tsx'
import { AccountForm, ConfirmFirst, IntentSubmit } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'

/** A new password: the present one again, and before that a fresh proof. */
export const PasswordPage = ({ scene }: { scene: PageScene<'password'> }) => {
  const { t, view, content } = scene
  if (!view.isFresh) return <ConfirmFirst scene={scene} />
  return (
    <>
      <p className="portico-lede textDescription-customizable">{t('account.password.lede')}</p>
      <AccountForm scene={scene}>
        <KnownName scene={{ ...scene, view: { values: { username: view.signedInAs } } }} />
        {content.hasPassword ? <CurrentPassword scene={scene} name="current" label={t('password.current')} /> : null}
        <NewPassword scene={{ ...scene, view: { passwordRules: content.rules, step: 'change-password' } }} />
        <IntentSubmit intent="change">{t('account.password.submit')}</IntentSubmit>
      </AccountForm>
    </>
  )
}
