import type { ReactNode } from 'react'
import type { ActivityView } from '#core/account/account-view.ts'
import { placeName } from '#core/shared/place-name.ts'
import { AccountForm, ListButton, Section } from './account-form.tsx'
import type { AccountScene, PageScene } from './account-scene.ts'

/** One thing that happened: what, when, with what and from where. */
export const ActivityRow = ({
  item,
  scene,
  children,
}: {
  item: ActivityView
  scene: AccountScene
  children?: ReactNode
}) => {
  const { t, moment } = scene
  const about = [item.app, item.agent, item.place === null ? null : placeName(item.place, t.locale)].filter(
    (each): each is string => each !== null,
  )
  return (
    <li>
      <p className="portico-row-title">{t('account.activity.what', { what: item.what })}</p>
      <p className="portico-hint">
        <time dateTime={item.at}>{moment(item.at)}</time>
        {about.map((each) => (
          <span key={each}>
            {' · '}
            <bdi>{each}</bdi>
          </span>
        ))}
      </p>
      {children}
    </li>
  )
}

const FILTERS = ['all', 'sign-ins', 'changes'] as const

/** The person's events, and the way to say that one was not theirs. */
export const ActivityPage = ({ scene }: { scene: PageScene<'activity'> }) => {
  const { t, content, hrefOf, moment } = scene
  return (
    <>
      <p className="portico-lede textDescription-customizable">{t('account.activity.lede')}</p>
      <ul className="portico-filters">
        {FILTERS.map((filter) => (
          <li key={filter}>
            <a
              className="portico-link"
              href={`${hrefOf('activity')}${filter === 'all' ? '' : `?show=${filter}`}`}
              aria-current={(content.show ?? 'all') === filter ? 'true' : undefined}
            >
              {t('account.activity.filter', { filter: filter.replace('-', '') })}
            </a>
          </li>
        ))}
      </ul>
      {content.items.length === 0 ? (
        <p>{t('account.activity.none')}</p>
      ) : (
        <ul className="portico-rows">
          {content.items.map((item) => (
            <ActivityRow key={item.id} item={item} scene={scene}>
              {item.feedback === null ? null : (
                <p className="portico-hint">
                  {t('account.activity.said', { said: item.feedback === 'invalid' ? 'theirs' : 'yours' })}
                </p>
              )}
              {item.mayDisown ? (
                <AccountForm scene={scene} fields={{ id: item.id }} quiet>
                  <ListButton intent="disown" of={moment(item.at)}>
                    {t('account.activity.disown')}
                  </ListButton>
                </AccountForm>
              ) : null}
            </ActivityRow>
          ))}
        </ul>
      )}
    </>
  )
}

/** What to do once a sign-in was somebody else's. */
export const DisownedPage = ({ scene: { t, hrefOf } }: { scene: AccountScene }) => (
  <>
    <p className="portico-lede textDescription-customizable">{t('account.disowned.lede')}</p>
    <Section title={t('account.disowned.password')}>
      <p>{t('account.disowned.passwordWhy')}</p>
      <a className="portico-submit submitButton-customizable" href={hrefOf('password')}>
        <span>{t('changePassword.submit')}</span>
      </a>
    </Section>
    <Section title={t('account.disowned.methods')}>
      <p>{t('account.disowned.methodsWhy')}</p>
      <p>
        <a className="portico-link" href={hrefOf('methods')}>
          {t('account.title.methods')}
        </a>
      </p>
    </Section>
  </>
)
