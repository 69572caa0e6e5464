import { CodeField } from '../code-field.tsx'
import { Tick } from '../field.tsx'
import { QuietSubmit, StepForm, Submit } from '../form.tsx'
import { ArrowIcon } from '../icons.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'

/** The kinds this pool allows, for somebody who must have a second factor and has none. */
export const EnrolFactor = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  return (
    <StepPage scene={scene} title={t('enrolFactor.title')}>
      <p className="portico-lede textDescription-customizable">{t('enrolFactor.lede', { app: view.frame.appName })}</p>
      <StepForm scene={scene}>
        {(view.challenge?.mayEnrol ?? []).map((kind) => (
          <div key={kind} className="portico-option">
            <button
              type="submit"
              name="kind"
              value={kind}
              className="portico-row"
              aria-describedby={`portico-kind-${kind}-hint`}
            >
              <span>{t('factor.kind', { kind })}</span>
              <ArrowIcon />
            </button>
            <p className="portico-hint" id={`portico-kind-${kind}-hint`}>
              {t('factor.hint', { kind })}
            </p>
          </div>
        ))}
      </StepForm>
      <EnrolmentWays scene={scene} />
    </StepPage>
  )
}

/** Another kind, or out. */
export const EnrolmentWays = ({ scene }: { scene: Scene }) => (
  <StepForm scene={scene} aside>
    <div className="portico-actions">
      {(scene.view.challenge?.mayEnrol.length ?? 0) > 1 && scene.view.step !== 'enrol-factor' ? (
        <QuietSubmit intent="another">{scene.t('challenge.another')}</QuietSubmit>
      ) : null}
      <QuietSubmit intent="cancel">{scene.t('page.cancel')}</QuietSubmit>
    </div>
  </StepForm>
)

/** Picture and key of a new authenticator app, then its first code. */
export const EnrolTotp = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const { enrolment } = view
  if (enrolment?.kind !== 'totp') return null
  const { account, key, uri, qr } = enrolment
  return (
    <StepPage scene={scene} title={t('enrolTotp.title')}>
      <p className="portico-lede textDescription-customizable">{t('enrolTotp.lede')}</p>
      <svg
        className="portico-qr"
        viewBox={`0 0 ${qr.size} ${qr.size}`}
        shapeRendering="crispEdges"
        role="img"
        aria-label={t('enrolTotp.qr', { app: view.frame.appName, account })}
      >
        <rect width={qr.size} height={qr.size} className="portico-qr-ground" />
        <path d={qr.path} className="portico-qr-ink" />
      </svg>
      <p className="portico-hint">{t('enrolTotp.key')}</p>
      <p className="portico-key">
        <code id="portico-key" dir="ltr">
          {key}
        </code>
        <button type="button" className="portico-quiet" data-copy="portico-key" hidden>
          {t('enrolTotp.copy')}
        </button>
      </p>
      <p className="portico-touch">
        <a className="portico-link" href={uri}>
          {t('enrolTotp.open')}
        </a>
      </p>
      <StepForm scene={scene}>
        <CodeField scene={scene} />
        <Submit>{t('enrolTotp.submit')}</Submit>
      </StepForm>
      <EnrolmentWays scene={scene} />
    </StepPage>
  )
}

/** Ten codes, shown once. */
export const RecoveryCodes = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const { enrolment } = view
  if (enrolment?.kind !== 'recovery-codes') return null
  return (
    <StepPage scene={scene} title={t('recoveryCodes.title')}>
      <p className="portico-lede textDescription-customizable">{t('recoveryCodes.lede')}</p>
      <ol className="portico-codes" id="portico-codes" dir="ltr">
        {enrolment.codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
            {'\n'}
          </li>
        ))}
      </ol>
      <p className="portico-actions">
        <a className="portico-link" href={`${view.frame.base}/flow/${view.flowId}/recovery-codes.txt`} download>
          {t('recoveryCodes.download')}
        </a>
        <button type="button" className="portico-quiet" data-copy="portico-codes" hidden>
          {t('recoveryCodes.copy')}
        </button>
      </p>
      <p className="portico-hint">{t('recoveryCodes.print')}</p>
      <StepForm scene={scene}>
        <Tick scene={scene} name="saved" value="on" label={t('recoveryCodes.saved')} />
        <Submit>{t('page.continue')}</Submit>
      </StepForm>
    </StepPage>
  )
}
