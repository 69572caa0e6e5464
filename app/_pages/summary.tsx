import type { Translator } from '#app/_lib/i18n.ts'
import { ErrorIcon } from './icons.tsx'

/** What went wrong, above the heading. Takes the focus, by attribute, so that it is read first with script off too. */
export const Summary = ({ text, target, t }: { text: string; target: string | null; t: Translator }) => (
  <div
    className="portico-summary errorMessage-customizable"
    role="alert"
    aria-labelledby="portico-summary-title"
    tabIndex={-1}
    id="portico-summary"
    {...{ autofocus: '' }}
  >
    <p className="portico-summary-title" id="portico-summary-title">
      <ErrorIcon />
      {t('page.summary')}
    </p>
    <p>{target === null ? text : <a href={`#${target}`}>{text}</a>}</p>
  </div>
)
