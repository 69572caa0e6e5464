import type { DeviceView, SessionView } from '#core/account/account-view.ts'
import { placeName } from '#core/shared/place-name.ts'
import { AccountForm, Facts, ListButton, Section } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'

type Scene = PageScene<'sessions'>

const nameOf = ({ agent, kind, apps }: SessionView, { t }: Scene): string =>
  agent ?? (kind === 'app' && apps[0] !== undefined ? apps[0] : t('account.sessions.unknown'))

const OneSession = ({ session, scene }: { session: SessionView; scene: Scene }) => {
  const { t, moment, frame } = scene
  const name = nameOf(session, scene)
  return (
    <li className="portico-card">
      <h3 className="portico-card-title">
        <bdi>{name}</bdi>
        {session.isHere ? <span className="portico-mark-here">{t('account.sessions.here')}</span> : null}
      </h3>
      <Facts
        items={[
          session.place === null ? null : [t('account.place'), placeName(session.place, t.locale)],
          session.apps.length === 0 ? null : [t('account.sessions.apps'), <bdi key="apps">{t.list(session.apps)}</bdi>],
          [t('account.sessions.since'), moment(session.signedInAt)],
          [t('account.lastSeen'), moment(session.lastSeenAt)],
        ]}
      />
      {session.isHere ? (
        <a className="portico-link" href={`${frame.base}/logout`}>
          {t('account.signOut')}
        </a>
      ) : (
        <AccountForm scene={scene} fields={{ id: session.id }} quiet>
          <ListButton intent="end" of={name}>
            {t('account.signOut')}
          </ListButton>
        </AccountForm>
      )}
    </li>
  )
}

const OneDevice = ({ device, scene }: { device: DeviceView; scene: Scene }) => {
  const { t, moment, day } = scene
  return (
    <li className="portico-card">
      <h3 className="portico-card-title">
        <bdi>{device.name}</bdi>
      </h3>
      <Facts
        items={[
          device.place === null ? null : [t('account.place'), placeName(device.place, t.locale)],
          [t('account.sessions.firstSeen'), moment(device.firstSeenAt)],
          [t('account.lastSeen'), moment(device.lastSeenAt)],
          device.rememberedUntil === null ? null : [t('account.sessions.remembered'), day(device.rememberedUntil)],
        ]}
      />
      <AccountForm scene={scene} fields={{ id: device.id }} quiet>
        <ListButton intent="forget" of={device.name}>
          {t('account.sessions.forget')}
        </ListButton>
      </AccountForm>
    </li>
  )
}

/** Where the person is signed in, and the browsers that are known. */
export const SessionsPage = ({ scene }: { scene: Scene }) => {
  const { t, content } = scene
  return (
    <>
      <Section title={t('account.sessions.signedIn')}>
        <ul className="portico-cards">
          {content.sessions.map((session) => (
            <OneSession key={session.id} session={session} scene={scene} />
          ))}
        </ul>
        {content.sessions.some(({ isHere }) => !isHere) ? (
          <AccountForm scene={scene}>
            <button type="submit" name="_intent" value="end-others" className="portico-row">
              {t('account.sessions.endOthers')}
            </button>
          </AccountForm>
        ) : null}
      </Section>
      <Section title={t('account.sessions.devices')}>
        {content.devices.length === 0 ? (
          <p>{t('account.sessions.noDevices')}</p>
        ) : (
          <ul className="portico-cards">
            {content.devices.map((device) => (
              <OneDevice key={device.id} device={device} scene={scene} />
            ))}
          </ul>
        )}
      </Section>
    </>
  )
}
