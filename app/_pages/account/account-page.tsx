import type { AccountPage as PageName } from '#core/account/account-places.ts'
import type { AccountView } from '#core/account/account-view.ts'
import type { PageFrame } from '#core/flows/flow-view.ts'
import { Breakable } from '../breakable.tsx'
import { HostedPage } from '../hosted-page.tsx'
import { type AccountScene, accountSceneOf } from './account-scene.ts'
import { ActivityPage, DisownedPage } from './activity-page.tsx'
import { AppsPage } from './apps-page.tsx'
import { ConnectionsPage } from './connections-page.tsx'
import { ContactPage } from './contact-page.tsx'
import { DataPage, DeletePage } from './leaving-account-pages.tsx'
import { MethodsPage } from './methods-page.tsx'
import { OverviewPage } from './overview-page.tsx'
import { PasswordPage } from './password-page.tsx'
import { PreferencesPage, ProfilePage } from './profile-page.tsx'
import { SessionsPage } from './sessions-page.tsx'

/** Sections, in the order of the list; pages within one are reached from it. */
const SECTIONS = [
  'overview',
  'profile',
  'methods',
  'sessions',
  'activity',
  'apps',
  'connections',
  'data',
  'preferences',
  'delete',
] as const
const SECTION_OF: Readonly<Partial<Record<PageName, (typeof SECTIONS)[number]>>> = {
  password: 'methods',
  email: 'profile',
  phone: 'profile',
  disowned: 'activity',
}

const Nav = ({ scene: { t, view, hrefOf } }: { scene: AccountScene }) => {
  const current = SECTION_OF[view.page] ?? view.page
  const offered = SECTIONS.filter((page) => page !== 'connections' || view.offersConnections !== false)
  return (
    <nav className="portico-nav" aria-label={t('account.nav')} data-open={view.page === 'overview' ? true : undefined}>
      <ul>
        {offered.map((page) => (
          <li key={page}>
            <a href={hrefOf(page)} aria-current={page === current ? 'page' : undefined}>
              {t(`account.title.${page}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Content = ({ scene }: { scene: AccountScene }) => {
  const { content } = scene.view
  switch (content.page) {
    case 'overview':
      return <OverviewPage scene={{ ...scene, content }} />
    case 'methods':
      return <MethodsPage scene={{ ...scene, content }} />
    case 'password':
      return <PasswordPage scene={{ ...scene, content }} />
    case 'sessions':
      return <SessionsPage scene={{ ...scene, content }} />
    case 'profile':
      return <ProfilePage scene={{ ...scene, content }} />
    case 'email':
    case 'phone':
      return <ContactPage scene={{ ...scene, content }} />
    case 'activity':
      return <ActivityPage scene={{ ...scene, content }} />
    case 'disowned':
      return <DisownedPage scene={scene} />
    case 'apps':
      return <AppsPage scene={{ ...scene, content }} />
    case 'connections':
      return <ConnectionsPage scene={{ ...scene, content }} />
    case 'data':
      return <DataPage scene={{ ...scene, content }} />
    case 'preferences':
      return <PreferencesPage scene={scene} />
    case 'delete':
      return <DeletePage scene={{ ...scene, content }} />
  }
}

/** A page of the signed-in person's own account. */
export const AccountPage = ({ frame, view }: { frame: PageFrame; view: AccountView }) => {
  const scene = accountSceneOf(frame, view)
  const { t, hrefOf } = scene
  const key = `account.notice.${view.notice ?? ''}`
  return (
    <HostedPage
      frame={frame}
      t={t}
      page="account"
      state={view.page}
      title={t(`account.title.${view.page}`)}
      error={scene.error}
      notice={t.has(key) ? t(key) : null}
      nav={<Nav scene={scene} />}
    >
      <p className="portico-account-bar">
        {view.page === 'overview' ? null : (
          <a className="portico-link portico-back" href={hrefOf('overview')}>
            {t('account.back')}
          </a>
        )}
        <span>
          {t.rich('account.signedInAs', {
            name: (
              <bdi className="portico-name portico-address">
                <Breakable text={view.signedInAs} />
              </bdi>
            ),
          })}
        </span>
        <a className="portico-link" href={`${frame.base}/logout`}>
          {t('account.signOut')}
        </a>
      </p>
      <Content scene={scene} />
    </HostedPage>
  )
}
