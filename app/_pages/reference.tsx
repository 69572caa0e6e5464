import type { Translator } from '#app/_lib/i18n.ts'

/** The id under which the log knows what happened: to be copied into a message to whoever can help. */
export const Reference = ({ t, id }: { t: Translator; id: string }) => (
  <div>
    <dt>{t('page.reference')}</dt>
    <dd>
      <code dir="ltr" id="portico-reference">
        {id}
      </code>{' '}
      <button type="button" className="portico-quiet" hidden data-copy="portico-reference">
        {t('page.copy')}
      </button>
    </dd>
  </div>
)
