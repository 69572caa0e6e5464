import { failureText } from '#app/_lib/failure-text.ts'
import { translatorOf } from '#app/_lib/i18n.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { HiddenFields, MAIN_FORM, Submit } from './form.tsx'
import { HostedPage } from './hosted-page.tsx'
import { ArrowIcon } from './icons.tsx'

type Model<Kind extends PageModel['kind']> = Extract<PageModel, { kind: Kind }>

const GROUP = {
  'sign-up': 'signUp',
  recovery: 'recovery',
  'factor-recovery': 'factorRecovery',
  'contact-undo': 'contactUndo',
  'deletion-undo': 'deletionUndo',
} as const

/** Landing of a link from a mail. Opening it does nothing: scanners open links, people press buttons. */
export const LinkPage = ({ model: { frame, purpose, destination, fields, failure } }: { model: Model<'link'> }) => {
  const t = translatorOf(frame.locale)
  const group = GROUP[purpose]
  if (failure !== null)
    return (
      <HostedPage
        frame={frame}
        t={t}
        page="link"
        state="error"
        title={t('link.spentTitle')}
        error={{ text: failureText(failure, frame, t), target: null }}
      >
        {null}
      </HostedPage>
    )
  return (
    <HostedPage frame={frame} t={t} page="link" title={t(`link.${group}Title`)}>
      <p className="portico-lede textDescription-customizable">
        {t.rich(`link.${group}Lede`, {
          destination: (
            <bdi dir="ltr" className="portico-name">
              {destination}
            </bdi>
          ),
        })}
      </p>
      <form method="post" id={MAIN_FORM} className="portico-form" noValidate>
        <HiddenFields fields={fields} />
        <Submit>{t(`link.${group}Submit`)}</Submit>
      </form>
    </HostedPage>
  )
}

/** The link was used in a browser that holds no journey. */
export const LinkDonePage = ({ model: { frame, purpose, signIn } }: { model: Model<'link-done'> }) => {
  const t = translatorOf(frame.locale)
  const group = GROUP[purpose]
  return (
    <HostedPage frame={frame} t={t} page="link-done" title={t(`linkDone.${group}Title`)}>
      <p className="portico-lede textDescription-customizable">{t(`linkDone.${group}Lede`)}</p>
      {signIn === null ? null : (
        <a className="portico-submit submitButton-customizable" href={signIn}>
          <span>{t('linkDone.signIn')}</span>
          <ArrowIcon />
        </a>
      )}
    </HostedPage>
  )
}

/** Landing of a link that signs in: for whom, and who asked. The journey's own browser alone goes on from here. */
export const SignInLinkPage = ({
  model: { frame, destination, device, action, fields },
}: {
  model: Model<'sign-in-link'>
}) => {
  const t = translatorOf(frame.locale)
  return (
    <HostedPage frame={frame} t={t} page="link" title={t('signIn.title', { app: frame.appName })}>
      <p className="portico-lede textDescription-customizable">
        {device === null
          ? t('signInLink.asked', { app: frame.appName })
          : t.rich('signInLink.askedOn', {
              app: frame.appName,
              device: <bdi className="portico-name">{device}</bdi>,
            })}{' '}
        {t('signInLink.elsewhere')}
      </p>
      <form method="post" action={action} id={MAIN_FORM} className="portico-form" noValidate>
        <HiddenFields fields={fields} />
        <Submit>{t.rich('signInLink.submit', { destination: <bdi dir="ltr">{destination}</bdi> })}</Submit>
      </form>
    </HostedPage>
  )
}
