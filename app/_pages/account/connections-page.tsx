import type { ConnectionView } from '#core/account/account-view.ts'
import { Breakable } from '../breakable.tsx'
import { ArrowIcon } from '../icons.tsx'
import { ProviderMark } from '../provider-mark.tsx'
import { AccountForm, ConfirmFirst, Facts, ListButton, Section } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'

type Scene = PageScene<'connections'>

/** One account elsewhere: whose it is there, since when it leads in here, and how to be rid of it. */
const OneConnection = ({ connection, scene }: { connection: ConnectionView; scene: Scene }) => {
  const { t, view, frame, day } = scene
  const { key, provider, logo, identity, since, isLastWayIn } = connection
  return (
    <li className="portico-card">
      <h3 className="portico-card-title">
        <span className="portico-marked-name">
          <ProviderMark logo={logo} label={provider} frame={frame} />
          <bdi>{provider}</bdi>
        </span>
      </h3>
      <Facts
        items={[
          identity === null
            ? null
            : [
                t('account.connections.identity'),
                <bdi key="identity">
                  <Breakable text={identity} />
                </bdi>,
              ],
          [t('account.connections.since'), day(since)],
        ]}
      />
      {isLastWayIn ? (
        <p className="portico-hint">{t('account.connections.lastWayIn')}</p>
      ) : view.isFresh ? (
        <AccountForm scene={scene} fields={{ key }} quiet>
          <ListButton intent="unlink" of={identity === null ? provider : `${provider} ${identity}`}>
            {t('account.methods.remove')}
          </ListButton>
        </AccountForm>
      ) : null}
    </li>
  )
}

/** Accounts elsewhere that lead into this one, and providers that may be added to them. */
export const ConnectionsPage = ({ scene }: { scene: Scene }) => {
  const { t, view, frame, content } = scene
  return (
    <>
      <p className="portico-lede textDescription-customizable">{t('account.connections.lede')}</p>
      {view.isFresh ? null : <ConfirmFirst scene={scene} />}
      <Section title={t('account.connections.connected')}>
        {content.identities.length === 0 ? (
          <p>{t('account.connections.none')}</p>
        ) : (
          <ul className="portico-cards">
            {content.identities.map((connection) => (
              <OneConnection key={connection.key} connection={connection} scene={scene} />
            ))}
          </ul>
        )}
      </Section>
      {content.providers.length === 0 || !view.isFresh ? null : (
        <Section title={t('account.connections.more')}>
          <AccountForm scene={scene} fields={{ _intent: 'connect' }}>
            {content.providers.map(({ name, label, logo }) => (
              <button
                key={name}
                type="submit"
                name="provider"
                value={name}
                className="portico-row portico-marked portico-provider"
              >
                <ProviderMark logo={logo} label={label} frame={frame} />
                <span className="portico-provider-words">
                  <span>{t.rich('account.connections.connect', { provider: <bdi>{label}</bdi> })}</span>
                </span>
                <ArrowIcon />
              </button>
            ))}
          </AccountForm>
        </Section>
      )}
    </>
  )
}
