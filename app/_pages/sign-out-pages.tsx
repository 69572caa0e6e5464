import { translatorOf } from '#app/_lib/i18n.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { Tick } from './field.tsx'
import { HiddenFields, MAIN_FORM, Submit } from './form.tsx'
import { HostedPage } from './hosted-page.tsx'
import { ArrowIcon } from './icons.tsx'

type Model<Kind extends PageModel['kind']> = Extract<PageModel, { kind: Kind }>

/**
 * Asked when a sign-out came without proof of who asks (OpenID Connect RP-Initiated Logout 1.0 §6). "Sign out" posts
 * `logout=yes`; "Stay signed in" posts the same form without it, and the language switch with its intent.
 */
export const SignOutPage = ({ model: { frame, action, fields, everywhere } }: { model: Model<'sign-out'> }) => {
  const t = translatorOf(frame.locale)
  const { logout: _, ...rest } = fields
  return (
    <HostedPage
      frame={frame}
      t={t}
      page="sign-out"
      title={t('signOut.title', { pool: frame.poolName })}
      languageForm={MAIN_FORM}
    >
      <p className="portico-lede textDescription-customizable">{t('signOut.lede')}</p>
      <form method="post" action={action} id={MAIN_FORM} className="portico-form" noValidate>
        <HiddenFields fields={rest} />
        <Tick
          scene={{ idOf: (name) => `portico-${name}` }}
          name="everywhere"
          value="on"
          label={t('signOut.everywhere')}
          hint={t('signOut.everywhereHint')}
          defaultChecked={everywhere}
        />
        <Submit name="logout" value="yes">
          {t('signOut.submit')}
        </Submit>
        <button type="submit" className="portico-row">
          {t('signOut.stay')}
        </button>
      </form>
    </HostedPage>
  )
}

export const SignedOutPage = ({ model: { frame, next, everywhere } }: { model: Model<'signed-out'> }) => {
  const t = translatorOf(frame.locale)
  return (
    <HostedPage frame={frame} t={t} page="signed-out" title={t('signedOut.title')}>
      <p className="portico-lede textDescription-customizable">
        {t(everywhere ? 'signedOut.ledeEverywhere' : 'signedOut.lede', { pool: frame.poolName })}
      </p>
      {next === null ? (
        <p className="portico-alt">
          <a className="portico-link" href={`${frame.base}/account`}>
            {t('signedOut.signIn')}
          </a>
        </p>
      ) : (
        <a className="portico-submit submitButton-customizable" href={next}>
          <span>{t('page.continueTo', { app: frame.appName })}</span>
          <ArrowIcon />
        </a>
      )}
    </HostedPage>
  )
}
