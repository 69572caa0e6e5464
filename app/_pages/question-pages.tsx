import { translatorOf } from '#app/_lib/i18n.ts'
import { utc } from '#app/_lib/utc.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { HiddenFields, MAIN_FORM, Submit } from './form.tsx'
import { HostedPage } from './hosted-page.tsx'
import { ArrowIcon } from './icons.tsx'

type Model<Kind extends PageModel['kind']> = Extract<PageModel, { kind: Kind }>

/** "Was this you?": what is known of the sign-in, a yes and a no. */
export const SignInQuestionPage = ({ model }: { model: Model<'sign-in-question'> }) => {
  const { frame, isBlocked, at, place, device, fields } = model
  const t = translatorOf(frame.locale)
  const facts = [
    { label: t('signInQuestion.place'), value: place },
    { label: t('signInQuestion.device'), value: device },
    { label: t('signInQuestion.app'), value: frame.appName },
  ]
  return (
    <HostedPage frame={frame} t={t} page="sign-in-question" title={t('signInQuestion.title')}>
      <p className="portico-lede textDescription-customizable">
        {t(isBlocked ? 'signInQuestion.ledeBlocked' : 'signInQuestion.lede')}
      </p>
      <dl className="portico-facts">
        <div>
          <dt>{t('signInQuestion.when')}</dt>
          <dd>
            <time dir="ltr" dateTime={at} data-local>
              {utc(at)}
            </time>
          </dd>
        </div>
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value ?? t('signInQuestion.unknown')}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      <p className="portico-hint">{t('signInQuestion.noHint')}</p>
      <form method="post" id={MAIN_FORM} className="portico-form" noValidate>
        <HiddenFields fields={fields} />
        <Submit name="answer" value="no">
          {t('signInQuestion.no')}
        </Submit>
        <button type="submit" name="answer" value="yes" className="portico-row">
          {t('signInQuestion.yes')}
        </button>
      </form>
    </HostedPage>
  )
}

/** What came of the answer; a "no" goes on to a new password. */
export const SignInAnsweredPage = ({ model: { frame, value, newPassword } }: { model: Model<'sign-in-answered'> }) => {
  const t = translatorOf(frame.locale)
  const isTheirs = value === 'valid'
  return (
    <HostedPage
      frame={frame}
      t={t}
      page="sign-in-answered"
      title={t(isTheirs ? 'signInAnswered.yesTitle' : 'signInAnswered.noTitle')}
    >
      <p className="portico-lede textDescription-customizable">
        {t(isTheirs ? 'signInAnswered.yesLede' : 'signInAnswered.noLede')}
      </p>
      {isTheirs ? null : (
        <a className="portico-submit submitButton-customizable" href={newPassword}>
          <span>{t('signInAnswered.newPassword')}</span>
          <ArrowIcon />
        </a>
      )}
    </HostedPage>
  )
}
