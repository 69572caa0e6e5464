import { Section } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'
import { ActivityRow } from './activity-page.tsx'

/** How well the account is kept, and where to look after it. */
export const OverviewPage = ({ scene }: { scene: PageScene<'overview'> }) => {
  const { t, content, hrefOf } = scene
  return (
    <>
      <Section title={t('account.overview.safety')}>
        <p>{t('account.overview.strength', { strength: content.strength })}</p>
        {content.recoveryCodesLeft === null ? null : (
          <p>{t('account.overview.codesLeft', { left: content.recoveryCodesLeft })}</p>
        )}
        <p>
          <a className="portico-link" href={hrefOf('methods')}>
            {t('account.title.methods')}
          </a>
        </p>
      </Section>
      <Section title={t('account.title.sessions')}>
        <p>{t('account.overview.sessions', { count: content.sessions })}</p>
        <p>
          <a className="portico-link" href={hrefOf('sessions')}>
            {t('account.overview.lookAtSessions')}
          </a>
        </p>
      </Section>
      <Section title={t('account.overview.recent')}>
        <ul className="portico-rows">
          {content.recent.map((item) => (
            <ActivityRow key={item.id} item={item} scene={scene} />
          ))}
        </ul>
        <p>
          <a className="portico-link" href={hrefOf('activity')}>
            {t('account.overview.allActivity')}
          </a>
        </p>
      </Section>
    </>
  )
}
