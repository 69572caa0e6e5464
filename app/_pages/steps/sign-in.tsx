import { Breakable } from '../breakable.tsx'
import { Tick } from '../field.tsx'
import { QuietSubmit, StepForm, Submit } from '../form.tsx'
import { ArrowIcon } from '../icons.tsx'
import { KnownName, NameField } from '../name-field.tsx'
import { CurrentPassword } from '../password-field.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'
import { AsksForPasskeys, PasskeySignIn } from './passkey.tsx'
import { OtherWaysIn, Providers } from './providers.tsx'

/** Name and password on one page, or the name alone where the pool asks one thing at a time. */
export const SignIn = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const alone = view.signIn.identifierFirst
  if (!view.signIn.asksForNames) return <ProvidersAlone scene={scene} />
  return (
    <StepPage scene={scene} title={t('signIn.title', { app: view.frame.appName })}>
      <StepForm scene={scene}>
        <NameField scene={scene} purpose="sign-in" last={alone} />
        {alone ? null : <CurrentPassword scene={scene} label={t('password.label')} aside={<Forgot scene={scene} />} />}
        {alone ? null : <KeepSignedIn scene={scene} />}
        <AsksForPasskeys scene={scene} />
        <SignInSubmit label={t(alone ? 'signIn.next' : 'signIn.submit')} />
      </StepForm>
      <OtherWaysIn scene={scene} />
      <NewHere scene={scene} />
    </StepPage>
  )
}

/** The app takes neither accounts of the pool itself nor a directory's. The empty form carries the language switch. */
const ProvidersAlone = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const app = view.frame.appName
  return (
    <StepPage scene={scene} title={t('signIn.title', { app })}>
      <StepForm scene={scene}>{null}</StepForm>
      {view.providers.length === 0 ? (
        <p className="portico-lede textDescription-customizable">
          {t('providers.none', { owner: view.signUp.owner ?? t('fallback.owner', { app }) })}
        </p>
      ) : (
        <div className="portico-ways">
          <Providers scene={scene} />
        </div>
      )}
    </StepPage>
  )
}

/** The second page of the identifier-first way: says for whom, and lets that be changed. */
export const Password = ({ scene }: { scene: Scene }) => {
  const { t } = scene
  return (
    <StepPage scene={scene} title={t('passwordStep.title')}>
      <SigningInAs scene={scene} />
      <StepForm scene={scene}>
        <KnownName scene={scene} />
        <CurrentPassword scene={scene} label={t('password.label')} aside={<Forgot scene={scene} />} first />
        <KeepSignedIn scene={scene} />
        <AsksForPasskeys scene={scene} />
        <SignInSubmit label={t('signIn.submit')} />
      </StepForm>
      <PasskeySignIn scene={scene} />
      <AnotherMethod scene={scene} />
    </StepPage>
  )
}

const WAYS = {
  password: 'password',
  'email-code': 'emailCode',
  'sms-code': 'smsCode',
  'magic-link': 'magicLink',
} as const

/**
 * Ways to go on after the name: the pool's, not the person's, so that nothing is told of an account. The control is no
 * `method`: a form's own property of that name would be hidden by it.
 */
export const ChooseMethod = ({ scene }: { scene: Scene }) => (
  <StepPage scene={scene} title={scene.t('chooseMethod.title')}>
    <SigningInAs scene={scene} />
    <StepForm scene={scene}>
      {scene.view.signIn.methods.map((method) => (
        <button key={method} type="submit" name="way" value={method} className="portico-row">
          <span>{scene.t(`chooseMethod.${WAYS[method]}`)}</span>
          <ArrowIcon />
        </button>
      ))}
    </StepForm>
    <OtherWaysIn scene={scene} />
  </StepPage>
)

/** Says for whom, and lets that be changed. */
export const SigningInAs = ({ scene: { t, view, hrefOf } }: { scene: Scene }) => (
  <p className="portico-lede textDescription-customizable">
    {t.rich('passwordStep.as', {
      name: (
        <bdi className="portico-name portico-address">
          <Breakable text={view.values.username ?? ''} />
        </bdi>
      ),
    })}{' '}
    <a className="portico-link" href={hrefOf('sign-in')}>
      {t('page.change')}
    </a>
  </p>
)

/** Back to the choice of ways, where there is one. */
export const AnotherMethod = ({ scene }: { scene: Scene }) =>
  scene.view.signIn.methods.length > 1 ? (
    <StepForm scene={scene} aside>
      <div className="portico-actions">
        <QuietSubmit intent="another">{scene.t('challenge.another')}</QuietSubmit>
      </div>
    </StepForm>
  ) : null

/** Cognito's name for the button, once per page, for test scripts written against its pages. */
const SignInSubmit = ({ label }: { label: string }) => (
  <Submit name="signInSubmitButton" value="1">
    {label}
  </Submit>
)

/** A directory's password is not found again here. */
const Forgot = ({ scene }: { scene: Scene }) =>
  scene.view.signIn.hasLocalAccounts ? (
    <a className="portico-link" href={scene.hrefOf('forgot-password')}>
      {scene.t('signIn.forgot')}
    </a>
  ) : null

const KeepSignedIn = ({ scene }: { scene: Scene }) =>
  scene.view.signIn.keepSignedIn ? (
    <Tick scene={scene} name="keep" value="on" label={scene.t('signIn.keep')} hint={scene.t('signIn.keepHint')} />
  ) : null

const NewHere = ({ scene }: { scene: Scene }) => {
  const { t, view, hrefOf } = scene
  if (!view.signIn.signUpOpen || !view.signIn.hasLocalAccounts) return null
  const link = (
    <a className="portico-link" href={hrefOf('sign-up')}>
      {t('signIn.create')}
    </a>
  )
  return <p className="portico-alt redirect-customizable">{t.rich('signIn.newHere', { link })}</p>
}
