import type { ChallengeView } from '#core/flows/flow-view.ts'
import { CodeField } from '../code-field.tsx'
import { Field, Tick } from '../field.tsx'
import { QuietSubmit, StepForm, Submit } from '../form.tsx'
import { ArrowIcon } from '../icons.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'

/** Why more than a password is asked for, in plain words. */
export const Reason = ({ scene: { t, view } }: { scene: Scene }) => (
  <p className="portico-lede textDescription-customizable">
    {t('challenge.reason', { reason: view.challenge?.reason ?? 'pool', app: view.frame.appName })}
  </p>
)

/** What a factor is called: its own name, or its kind's word with where it leads. */
const FactorName = ({ factor, scene: { t } }: { factor: ChallengeView['factors'][number]; scene: Scene }) => (
  <>
    {factor.name ?? t('factor.kind', { kind: factor.kind })}
    {factor.destination === null ? null : (
      <>
        {' '}
        <bdi dir="ltr" className="portico-name">
          {factor.destination}
        </bdi>
      </>
    )}
  </>
)

/** Whether this browser may stand for the second step from now on; only where the pool asks. */
export const RememberTick = ({ scene }: { scene: Scene }) => {
  const days = scene.view.challenge?.rememberDays ?? null
  return days === null ? null : (
    <Tick
      scene={scene}
      name="remember"
      value="on"
      label={scene.t('challenge.remember', { days })}
      hint={scene.t('signIn.keepHint')}
    />
  )
}

/** Other ways out of a page that asks for a factor. */
export const OtherWays = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const { challenge } = view
  if (challenge === null) return null
  const mayChoose = view.step !== 'choose-factor' && (challenge.factors.length > 1 || view.step === 'recovery-code')
  return (
    <StepForm scene={scene} aside>
      <div className="portico-actions">
        {mayChoose ? <QuietSubmit intent="another">{t('challenge.another')}</QuietSubmit> : null}
        {challenge.hasRecoveryCodes && view.step !== 'recovery-code' ? (
          <QuietSubmit intent="recovery">{t('challenge.recovery')}</QuietSubmit>
        ) : null}
        <QuietSubmit intent="lost">{t('challenge.lost')}</QuietSubmit>
        <QuietSubmit intent="cancel">{t('page.cancel')}</QuietSubmit>
      </div>
    </StepForm>
  )
}

/** The person's factors, a row each, in the order to try them. */
export const ChooseFactor = ({ scene }: { scene: Scene }) => (
  <StepPage scene={scene} title={scene.t('challenge.title')}>
    <Reason scene={scene} />
    <StepForm scene={scene}>
      {(scene.view.challenge?.factors ?? []).map((factor) => (
        <button key={factor.id} type="submit" name="factor" value={factor.id} className="portico-row">
          <span>
            <FactorName factor={factor} scene={scene} />
          </span>
          <ArrowIcon />
        </button>
      ))}
    </StepForm>
    <OtherWays scene={scene} />
  </StepPage>
)

/** The six digits an authenticator app shows. */
export const Totp = ({ scene }: { scene: Scene }) => (
  <StepPage scene={scene} title={scene.t('totp.title')}>
    <Reason scene={scene} />
    <StepForm scene={scene}>
      <CodeField scene={scene} />
      <RememberTick scene={scene} />
      <Submit>{scene.t('code.submit')}</Submit>
    </StepForm>
    <OtherWays scene={scene} />
  </StepPage>
)

/** One of the ten codes kept for the day the factor is lost. */
export const RecoveryCode = ({ scene }: { scene: Scene }) => (
  <StepPage scene={scene} title={scene.t('recoveryCode.title')}>
    <p className="portico-lede textDescription-customizable">{scene.t('recoveryCode.lede')}</p>
    <StepForm scene={scene}>
      <Field
        scene={scene}
        name="code"
        label={scene.t('recoveryCode.label')}
        className="portico-code"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        enterKeyHint="go"
        dir="ltr"
        required
      />
      <Submit>{scene.t('code.submit')}</Submit>
    </StepForm>
    <OtherWays scene={scene} />
  </StepPage>
)
