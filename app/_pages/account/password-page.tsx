import { KnownName } from '../name-field.tsx'
import { CurrentPassword, NewPassword } from '../password-field.tsx'
import { AccountForm, ConfirmFirst, IntentSubmit } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'

/** A new password: the present one again, and before that a fresh proof. No form where it could only fail. */
export const PasswordPage = ({ scene }: { scene: PageScene<'password'> }) => {
  const { t, view, content } = scene
  if (content.changedBy !== null)
    return (
      <p className="portico-lede textDescription-customizable">
        {t.rich('account.password.elsewhere', { provider: <bdi>{content.changedBy}</bdi> })}
      </p>
    )
  if (!view.isFresh) return <ConfirmFirst scene={scene} />
  return (
    <>
      <p className="portico-lede textDescription-customizable">
        {t(content.hasPassword ? 'account.password.lede' : 'account.password.none')}
      </p>
      <AccountForm scene={scene}>
        <KnownName scene={{ ...scene, view: { values: { username: view.signedInAs } } }} />
        {content.hasPassword ? <CurrentPassword scene={scene} name="current" label={t('password.current')} /> : null}
        <NewPassword scene={{ ...scene, view: { passwordRules: content.rules, step: 'change-password' } }} />
        <IntentSubmit intent="change">
          {t(content.hasPassword ? 'account.password.submit' : 'account.password.set')}
        </IntentSubmit>
      </AccountForm>
    </>
  )
}
