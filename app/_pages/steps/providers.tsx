import type { ProviderButton } from '#core/flows/flow-view.ts'
import { ProviderMark } from '../provider-mark.tsx'
import type { Scene } from '../scene.ts'
import { PasskeySignIn } from './passkey.tsx'

/** So many stand in sight; a longer list would be a wall between the form and the foot of the page. */
const IN_SIGHT = 5

/** Cognito's hosted pages give the buttons of these a class of their own. */
const SOCIAL: ReadonlySet<string> = new Set(['amazon', 'apple', 'facebook', 'google'])

/** A link and no form: the browser may follow it to another origin, which `form-action` would stop. */
const Provider = ({ provider, scene }: { provider: ProviderButton; scene: Scene }) => {
  const { t, view } = scene
  const cognito = SOCIAL.has(provider.logo ?? '') ? 'socialButton-customizable' : 'idpButton-customizable'
  return (
    <li>
      <a className={`portico-row portico-marked portico-provider portico-idp ${cognito}`} href={provider.href}>
        <ProviderMark logo={provider.logo} label={provider.label} frame={view.frame} />
        <span className="portico-provider-words">
          <span>{t.rich('providers.continue', { provider: <bdi>{provider.label}</bdi> })}</span>{' '}
          {provider.isLastUsed ? <span className="portico-last-used">{t('providers.lastUsed')}</span> : null}
        </span>
      </a>
    </li>
  )
}

const List = ({ providers, scene }: { providers: readonly ProviderButton[]; scene: Scene }) => (
  <ul className="portico-providers">
    {providers.map((provider) => (
      <Provider key={provider.name} provider={provider} scene={scene} />
    ))}
  </ul>
)

/** Ways in through identity providers, in the order of the journey. */
export const Providers = ({ scene }: { scene: Scene }) => {
  const { providers } = scene.view
  const more = providers.slice(IN_SIGHT)
  return (
    <>
      <List providers={providers.slice(0, IN_SIGHT)} scene={scene} />
      {more.length === 0 ? null : (
        <details className="portico-more">
          <summary>{scene.t('providers.more')}</summary>
          <List providers={more} scene={scene} />
        </details>
      )}
    </>
  )
}

/** What else leads in, below a form of the pool's own: a passkey, and the app's identity providers. */
export const OtherWaysIn = ({ scene }: { scene: Scene }) =>
  scene.view.providers.length === 0 ? (
    <PasskeySignIn scene={scene} />
  ) : (
    <div className="portico-ways">
      <p className="portico-divider">
        <span className="idpDescription-customizable">{scene.t('providers.or')}</span>
      </p>
      <PasskeySignIn scene={scene} />
      <Providers scene={scene} />
    </div>
  )
