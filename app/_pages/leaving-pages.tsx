import type { ReactNode } from 'react'
import { translatorOf } from '#app/_lib/i18n.ts'
import { isolated } from '#app/_lib/isolated.ts'
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
  const app = to === undefined ? frame.appName : isolated(to, frame.dir)
  const title = to === undefined ? t('leave.title', { app }) : t('depart.title', { provider: app })
  return (
    <HostedPage frame={frame} t={t} page="leave" title={title} refresh={href}>
      <p className="portico-lede textDescription-customizable">{t('leave.lede')}</p>
      <a className="portico-submit submitButton-customizable" href={href}>
        <span>{t('page.continueTo', { app })}</span>
        <ArrowIcon />
      </a>
    </HostedPage>
  )
}

/** A form that script submits at once; its button serves without. */
const SelfPosting = ({
  model: { frame, action, fields },
  children,
}: {
  model: Model<'form-post' | 'depart'>
  children: ReactNode
}) => (
  <>
    <form method="post" action={action} id={MAIN_FORM} className="portico-form" noValidate>
      <HiddenFields fields={fields} />
      <Submit>{children}</Submit>
    </form>
    {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant; React would escape the quotes as text */}
    <script nonce={frame.nonce} dangerouslySetInnerHTML={{ __html: `document.forms['${MAIN_FORM}'].submit()` }} />
  </>
)

/** OAuth 2.0 Form Post Response Mode. */
export const FormPostPage = ({ model }: { model: Model<'form-post'> }) => {
  const { frame } = model
  const t = translatorOf(frame.locale)
  return (
    <HostedPage frame={frame} t={t} page="form-post" title={t('formPost.title', { app: frame.appName })}>
      <p className="portico-lede textDescription-customizable">{t('formPost.lede')}</p>
      <SelfPosting model={model}>{t('page.continue')}</SelfPosting>
    </HostedPage>
  )
}

/** On to an identity provider that is asked by a form (SAML 2.0 Bindings §3.5). */
export const DepartPage = ({ model }: { model: Model<'depart'> }) => {
  const { frame } = model
  const t = translatorOf(frame.locale)
  const title = t('depart.title', { provider: isolated(model.provider, frame.dir) })
  return (
    <HostedPage frame={frame} t={t} page="depart" title={title}>
      <p className="portico-lede textDescription-customizable">{t('depart.lede')}</p>
      <SelfPosting model={model}>{t('page.continue')}</SelfPosting>
    </HostedPage>
  )
}
