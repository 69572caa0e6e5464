import { Tick } from '../field.tsx'
import { QuietSubmit, StepForm, Submit } from '../form.tsx'
import { KnownName, NameField } from '../name-field.tsx'
import { CurrentPassword, NewPassword } from '../password-field.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'

/** Asks only whose password was forgotten. */
export const ForgotPassword = ({ scene }: { scene: Scene }) => {
  const { t, kind, hrefOf } = scene
  return (
    <StepPage scene={scene} title={t('forgotPassword.title')}>
      <p className="portico-lede textDescription-customizable">{t('forgotPassword.lede', { kind })}</p>
      <StepForm scene={scene}>
        <NameField scene={scene} purpose="recovery" last />
        <Submit>{t('forgotPassword.submit')}</Submit>
      </StepForm>
      <p className="portico-alt redirect-customizable">
        <a className="portico-link" href={hrefOf('sign-in')}>
          {t('forgotPassword.back')}
        </a>
      </p>
    </StepPage>
  )
}

/** After a right code, so that a wrong code never costs a typed password. */
export const ResetPassword = ({ scene }: { scene: Scene }) => {
  const { t } = scene
  return (
    <StepPage scene={scene} title={t('resetPassword.title')}>
      <StepForm scene={scene}>
        <KnownName scene={scene} />
        <NewPassword scene={scene} first />
        <Tick
          scene={scene}
          name="everywhere"
          value="on"
          label={t('resetPassword.everywhere')}
          hint={t('resetPassword.everywhereHint')}
          defaultChecked
        />
        <Submit>{t('resetPassword.submit')}</Submit>
      </StepForm>
    </StepPage>
  )
}

/** After a right password that must not stay: a temporary one, or one that others know. It is not asked for again. */
export const ForcedPassword = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const isExposed = view.owedPassword === 'exposed'
  return (
    <StepPage scene={scene} title={t(isExposed ? 'newPassword.exposedTitle' : 'newPassword.title')}>
      <p className="portico-lede textDescription-customizable">
        {t(isExposed ? 'newPassword.exposedLede' : 'newPassword.lede')}
      </p>
      <StepForm scene={scene}>
        <KnownName scene={scene} />
        <NewPassword scene={scene} />
        <Submit>{t('newPassword.submit')}</Submit>
      </StepForm>
    </StepPage>
  )
}

export const ChangePassword = ({ scene }: { scene: Scene }) => {
  const { t } = scene
  return (
    <StepPage scene={scene} title={t('changePassword.title')}>
      <StepForm scene={scene}>
        <KnownName scene={scene} />
        <CurrentPassword scene={scene} name="current" label={t('password.current')} first />
        <NewPassword scene={scene} />
        <Submit>{t('changePassword.submit')}</Submit>
      </StepForm>
      <StepForm scene={scene} aside>
        <QuietSubmit intent="cancel">{t('page.cancel')}</QuietSubmit>
      </StepForm>
    </StepPage>
  )
}
