import { scopeMeaning } from '#app/_lib/scope-meaning.ts'
import { AccountForm, Facts, ListButton } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'

/** Apps that may act for the person, what they may do, and the way to take it away. */
export const AppsPage = ({ scene }: { scene: PageScene<'apps'> }) => {
  const { t, content, day, moment } = scene
  if (content.apps.length === 0) return <p className="portico-lede">{t('account.apps.none')}</p>
  return (
    <ul className="portico-cards portico-first">
      {content.apps.map((app) => (
        <li key={app.id} className="portico-card">
          <h2 className="portico-card-title">
            <bdi>{app.name}</bdi>
          </h2>
          <ul className="portico-scopes">
            {app.scopes.map((asked) => (
              <li key={asked.scope}>{scopeMeaning(asked, t)}</li>
            ))}
          </ul>
          <Facts
            items={[
              [t('account.apps.since'), day(app.since)],
              app.lastUsedAt === null ? null : [t('account.methods.used'), moment(app.lastUsedAt)],
            ]}
          />
          <AccountForm scene={scene} fields={{ id: app.id }} quiet>
            <ListButton intent="revoke" of={app.name}>
              {t('account.apps.revoke')}
            </ListButton>
          </AccountForm>
        </li>
      ))}
    </ul>
  )
}
