import { translatorOf } from '#app/_lib/i18n.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { HiddenFields, MAIN_FORM, Submit } from './form.tsx'
import { HostedPage } from './hosted-page.tsx'
import { ArrowIcon } from './icons.tsx'

type Model<Kind extends PageModel['kind']> = Extract<PageModel, { kind: Kind }>

/**
 * The journey's last answer: a page that goes on by itself, with a real link. Chromium applies `form-action` to the
 * redirects that follow a post (CSP 3 §6.4.2), so a 303 to the app would be stopped; a refresh is not.
 */
export const LeavePage = ({ model: { frame, href, to } }: { model: Model<'leave'> }) => {
  const t = translatorOf(frame.locale)
  const app = to ?? frame.appName
  return (
    <HostedPage frame={frame} t={t} page="leave" title={t('leave.title', { app })} refresh={href}>
      {to === undefined ? <p className="portico-lede textDescription-customizable">{t('leave.lede')}</p> : null}
      <a className="portico-submit submitButton-customizable" href={href}>
        <span>{t('page.continueTo', { app })}</span>
        <ArrowIcon />
      </a>
    </HostedPage>
  )
}

/** OAuth 2.0 Form Post Response Mode: script submits at once, the button serves without it. */
export const FormPostPage = ({ model: { frame, action, fields } }: { model: Model<'form-post'> }) => {
  const t = translatorOf(frame.locale)
  return (
    <HostedPage frame={frame} t={t} page="form-post" title={t('formPost.title', { app: frame.appName })}>
      <p className="portico-lede textDescription-customizable">{t('formPost.lede')}</p>
      <form method="post" action={action} id={MAIN_FORM} className="portico-form" noValidate>
        <HiddenFields fields={fields} />
        <Submit>{t('page.continue')}</Submit>
      </form>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant; React would escape the quotes as text */}
      <script nonce={frame.nonce} dangerouslySetInnerHTML={{ __html: `document.forms['${MAIN_FORM}'].submit()` }} />
    </HostedPage>
  )
}
