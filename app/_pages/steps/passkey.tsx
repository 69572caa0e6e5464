import type { ReactNode } from 'react'
import type { PasskeyCall } from '#core/flows/flow-view.ts'
import { QuietSubmit, StepForm, Submit } from '../form.tsx'
import { PasskeyIcon } from '../icons.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'
import { OtherWays } from './second-factor.tsx'

/** What goes wrong between the browser and the person, in words; the script chooses. */
const TROUBLE = ['cancelled', 'exists', 'wrongHost', 'unsupported'] as const

/**
 * The form that carries a passkey's answer. Its button is hidden until script finds that the browser knows passkeys; the
 * script fills the hidden field and posts the form like any other.
 */
export const PasskeyForm = ({
  scene,
  call,
  intent,
  children,
}: {
  scene: Scene
  call: Extract<PasskeyCall, { act: 'get' | 'create' }>
  /** `_intent` of the button; none: the page's own form. */
  intent?: string
  children: ReactNode
}) => {
  const { t, view } = scene
  const words = Object.fromEntries(
    TROUBLE.map((name) => [
      `data-${name.toLowerCase()}`,
      t(`passkey.trouble.${name}`, { host: view.frame.host, app: view.frame.appName }),
    ]),
  )
  return (
    <StepForm scene={scene} aside={intent !== undefined}>
      <div
        className="portico-passkey"
        data-passkeys={view.frame.assets.passkeys}
        data-act={call.act}
        data-options={call.options}
        data-conditional={call.isConditional ? true : undefined}
        data-unknown-passkey={view.failure?.message === 'passkey.unknown' ? true : undefined}
        {...words}
      >
        <input type="hidden" name="credential" value="" />
        <p className="portico-error" role="alert" hidden />
        <button
          type="submit"
          className={intent === undefined ? 'portico-submit submitButton-customizable' : 'portico-row portico-marked'}
          hidden
          {...(intent === undefined ? {} : { name: '_intent', value: intent })}
        >
          {intent === undefined ? null : <PasskeyIcon leads />}
          <span>{children}</span>
          {intent === undefined ? <PasskeyIcon /> : null}
        </button>
      </div>
    </StepForm>
  )
}

/** Stays where script is off or the browser knows no passkeys; script takes it away. */
const NeedsScript = ({ scene: { t } }: { scene: Scene }) => (
  <p className="portico-hint" data-without-passkeys>
    {t('passkey.needsScript')}
  </p>
)

/** A passkey as the second factor. */
export const Passkey = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const call = view.passkey
  return (
    <StepPage scene={scene} title={t('passkey.title')}>
      <p className="portico-lede textDescription-customizable">{t('passkey.lede')}</p>
      <NeedsScript scene={scene} />
      {call?.act === 'get' ? (
        <PasskeyForm scene={scene} call={call}>
          {t('passkey.use')}
        </PasskeyForm>
      ) : null}
      <OtherWays scene={scene} />
    </StepPage>
  )
}

/** Where the new passkey is kept, and what its keeper may know of the others. */
const Made = ({ scene, call }: { scene: Scene; call: Extract<PasskeyCall, { act: 'made' }> }) => {
  const { t, view } = scene
  const place = call.name ?? t('passkey.carrier', { carrier: call.carrier ?? 'other' })
  return (
    <StepPage scene={scene} title={t('passkey.madeTitle')}>
      <p className="portico-lede textDescription-customizable">
        {t.rich('passkey.madeIn', { place: <bdi className="portico-name">{place}</bdi> })}
      </p>
      <p className="portico-hint" data-passkeys={view.frame.assets.passkeys} data-signal={call.signal}>
        {t(call.isSynced ? 'passkey.synced' : 'passkey.bound')}
      </p>
      <StepForm scene={scene}>
        <Submit>{t('page.continue')}</Submit>
      </StepForm>
    </StepPage>
  )
}

const Create = ({ scene, children }: { scene: Scene; children: ReactNode }) => {
  const { t, view } = scene
  const call = view.passkey
  if (call?.act === 'made') return <Made scene={scene} call={call} />
  return (
    <StepPage scene={scene} title={t('passkey.createTitle')}>
      <p className="portico-lede textDescription-customizable">{t('passkey.createLede')}</p>
      <NeedsScript scene={scene} />
      {call?.act === 'create' ? (
        <PasskeyForm scene={scene} call={call}>
          {t('passkey.create')}
        </PasskeyForm>
      ) : null}
      <StepForm scene={scene} aside>
        <div className="portico-actions">{children}</div>
      </StepForm>
    </StepPage>
  )
}

/** A passkey as the second step that the pool demands. */
export const EnrolPasskey = ({ scene }: { scene: Scene }) => (
  <Create scene={scene}>
    {(scene.view.challenge?.mayEnrol.length ?? 0) > 1 ? (
      <QuietSubmit intent="another">{scene.t('challenge.another')}</QuietSubmit>
    ) : null}
    <QuietSubmit intent="cancel">{scene.t('page.cancel')}</QuietSubmit>
  </Create>
)

/** A passkey for the next time, for who likes; nobody is held up by it. */
export const OfferPasskey = ({ scene }: { scene: Scene }) => (
  <Create scene={scene}>
    <QuietSubmit intent="later">{scene.t('passkey.later')}</QuietSubmit>
  </Create>
)

/** The button below the sign-in form. */
export const PasskeySignIn = ({ scene }: { scene: Scene }) =>
  scene.view.passkey?.act === 'get' ? (
    <PasskeyForm scene={scene} call={scene.view.passkey} intent="passkey">
      {scene.t('passkey.signIn')}
    </PasskeyForm>
  ) : null

/** Filled by script where the browser can make passkeys, so that nobody is offered what they cannot have. */
export const AsksForPasskeys = ({ scene: { view } }: { scene: Scene }) =>
  view.asksForPasskeys ? (
    <input type="hidden" name="_passkeys" value="" data-passkeys={view.frame.assets.passkeys} />
  ) : null
