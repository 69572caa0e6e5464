import type { ReactNode } from 'react'
import type { LostFactorView } from '#core/flows/flow-view.ts'
import { QuietSubmit, StepForm, Submit } from '../form.tsx'
import { ArrowIcon } from '../icons.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'

/** One way back: what it is, what to expect of it, and its button where it has one. */
const Way = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="portico-way">
    <h2 className="portico-subtitle">{title}</h2>
    {children}
  </section>
)

const Row = ({ intent, children }: { intent: string; children: ReactNode }) => (
  <button type="submit" name="_intent" value={intent} className="portico-row">
    <span>{children}</span>
    <ArrowIcon />
  </button>
)

/** The moment as the server's log would say it: the person may be anywhere. */
const Moment = ({ at, locale }: { at: string; locale: string }) => (
  <time dateTime={at}>
    {new Intl.DateTimeFormat(`${locale}-u-nu-latn`, {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: 'UTC',
    }).format(new Date(at))}{' '}
    UTC
  </time>
)

const Waiting = ({ scene: { t, view }, lost }: { scene: Scene; lost: LostFactorView }) => {
  if (lost.isReady)
    return (
      <Way title={t('lostFactor.readyTitle')}>
        <p>{t('lostFactor.readyText')}</p>
        <Row intent="replace">{t('lostFactor.readySubmit')}</Row>
      </Way>
    )
  const days = lost.waitingDays
  return (
    <Way title={t('lostFactor.waitTitle', { days })}>
      {lost.readyAt === null ? (
        <>
          <p>{t('lostFactor.waitText', { days })}</p>
          <Row intent="wait">{t('lostFactor.waitSubmit')}</Row>
        </>
      ) : (
        <p>
          {t.rich('lostFactor.waiting', {
            moment: <Moment key="moment" at={lost.readyAt} locale={view.frame.locale} />,
          })}
        </p>
      )}
    </Way>
  )
}

/** For who has none of their factors at hand: every way back that this pool has, the quickest first. */
export const LostFactor = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const { challenge } = view
  const lost = challenge?.lost
  if (challenge === null || lost === undefined) return null
  const isStuck = !challenge.hasRecoveryCodes && lost.owner === null && lost.waitingDays === 0
  return (
    <StepPage scene={scene} title={t('lostFactor.title')}>
      <p className="portico-lede textDescription-customizable">{t(isStuck ? 'lostFactor.none' : 'lostFactor.lede')}</p>
      <StepForm scene={scene}>
        {challenge.hasRecoveryCodes ? (
          <Way title={t('lostFactor.codeTitle')}>
            <p>{t('lostFactor.codeText')}</p>
            <Row intent="recovery">{t('lostFactor.codeSubmit')}</Row>
          </Way>
        ) : null}
        {lost.owner === null ? null : (
          <Way title={t('lostFactor.askTitle')}>
            <p>
              {t.rich('lostFactor.askText', {
                known: lost.owner === '' ? 'no' : 'yes',
                app: view.frame.appName,
                owner: <bdi key="owner">{lost.owner}</bdi>,
              })}
            </p>
          </Way>
        )}
        {lost.waitingDays === 0 ? null : <Waiting scene={scene} lost={lost} />}
      </StepForm>
      <StepForm scene={scene} aside>
        <div className="portico-actions">
          <QuietSubmit intent="another">{t('challenge.another')}</QuietSubmit>
          <QuietSubmit intent="cancel">{t('page.cancel')}</QuietSubmit>
        </div>
      </StepForm>
    </StepPage>
  )
}

/** A recovery code was right, and few are left. */
export const FewCodes = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const { enrolment } = view
  if (enrolment?.kind !== 'few-codes') return null
  return (
    <StepPage scene={scene} title={t('fewCodes.title', { left: enrolment.left })}>
      <p className="portico-lede textDescription-customizable">{t('fewCodes.lede')}</p>
      <StepForm scene={scene}>
        <Submit>{t('fewCodes.submit')}</Submit>
      </StepForm>
      <StepForm scene={scene} aside>
        <div className="portico-actions">
          <QuietSubmit intent="later">{t('fewCodes.later')}</QuietSubmit>
        </div>
      </StepForm>
    </StepPage>
  )
}
