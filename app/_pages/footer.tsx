import type { Translator } from '#app/_lib/i18n.ts'
import type { PageFrame } from '#core/flows/flow-view.ts'
import { LOCALES } from '#core/shared/locales.ts'

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
    {languageForm === null ? null : <LanguageSwitch frame={frame} form={languageForm} t={t} />}
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

/** Belongs to the page's own form, so that changing the language keeps what was typed, secrets apart. */
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
