import { isolated } from '#app/_lib/isolated.ts'
import { Section } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'
import { ActivityRow } from './activity-page.tsx'

/** By what the person signs in, and how safe that is. */
const Safety = ({ scene: { t, frame, content } }: { scene: PageScene<'overview'> }) => {
  const { by, strength, providers } = content
  if (by === 'password' || strength === 'passkey') return <p>{t('account.overview.strength', { strength })}</p>
  if (by === 'nothing') return <p>{t('account.overview.noWay')}</p>
  const provider = t.oneOf(providers.map((name) => isolated(name, frame.dir)))
  return <p>{t(`account.overview.${by}`, { strength, provider, named: String(providers.length > 0) })}</p>
}

/** How well the account is kept, and where to look after it. */
export const OverviewPage = ({ scene }: { scene: PageScene<'overview'> }) => {
  const { t, content, hrefOf } = scene
  return (
    <>
      <Section title={t('account.overview.safety')}>
        <Safety scene={scene} />
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
