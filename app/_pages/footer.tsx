import type { Translator } from '#app/_lib/i18n.ts'
import type { PageFrame } from '#core/flows/flow-view.ts'
import { LOCALES } from '#core/shared/locales.ts'

/** Of pages without a journey or a form of their own: comes back to the page. */
const LANGUAGE_FORM = 'portico-language-form'

/** Language and the pool's links, in the same place on every page (WCAG 2.2, 3.2.6). */
export const Footer = ({
  frame,
  languageForm,
  t,
}: {
  frame: PageFrame
  languageForm: string | null
  t: Translator
}) => (
  <footer className="portico-footer legalText-customizable">
    {languageForm !== null ? (
      <LanguageSwitch frame={frame} form={languageForm} t={t} />
    ) : frame.here !== null ? (
      <>
        <form method="post" action={`${frame.base}/language`} id={LANGUAGE_FORM} noValidate hidden>
          <input type="hidden" name="back" value={frame.here} />
        </form>
        <LanguageSwitch frame={frame} form={LANGUAGE_FORM} t={t} />
      </>
    ) : null}
    {(['privacy', 'terms', 'help'] as const).map((name) => {
      const href = frame.links[name]
      return href === null ? null : (
        <a key={name} className="portico-link" href={href}>
          {t(`page.${name}`)}
        </a>
      )
    })}
  </footer>
)

/** In a page's own form, changing the language keeps what was typed, secrets apart. */
const LanguageSwitch = ({ frame, form, t }: { frame: PageFrame; form: string; t: Translator }) => (
  <div className="portico-language">
    <label className="sr-only" htmlFor="portico-lang">
      {t('page.language')}
    </label>
    <select id="portico-lang" name="lang" form={form} defaultValue={frame.locale} autoComplete="off" data-language>
      {LOCALES.map(({ tag, name, dir }) => (
        <option key={tag} value={tag} lang={tag} dir={dir}>
          {name}
        </option>
      ))}
    </select>
    <button type="submit" form={form} name="_intent" value="language" className="portico-quiet">
      {t('page.changeLanguage')}
    </button>
  </div>
)
