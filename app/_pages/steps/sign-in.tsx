import { Tick } from '../field.tsx'
import { StepForm, Submit } from '../form.tsx'
import { KnownName, NameField } from '../name-field.tsx'
import { CurrentPassword } from '../password-field.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'
import { AsksForPasskeys, PasskeySignIn } from './passkey.tsx'

/** Name and password on one page, or the name alone where the pool asks one thing at a time. */
export const SignIn = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const alone = view.signIn.identifierFirst
  return (
    <StepPage scene={scene} title={t('signIn.title', { app: view.frame.appName })}>
      <StepForm scene={scene}>
        <NameField scene={scene} purpose="sign-in" last={alone} />
        {alone ? null : <CurrentPassword scene={scene} label={t('password.label')} aside={<Forgot scene={scene} />} />}
        {alone ? null : <KeepSignedIn scene={scene} />}
        <AsksForPasskeys scene={scene} />
        <SignInSubmit label={t(alone ? 'signIn.next' : 'signIn.submit')} />
      </StepForm>
      <PasskeySignIn scene={scene} />
      <NewHere scene={scene} />
    </StepPage>
  )
}

/** The second page of the identifier-first way: says for whom, and lets that be changed. */
export const Password = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const change = (
    <a className="portico-link" href={scene.hrefOf('sign-in')}>
      {t('page.change')}
    </a>
  )
  return (
    <StepPage scene={scene} title={t('passwordStep.title')}>
      <p className="portico-lede textDescription-customizable">
        {t.rich('passwordStep.as', { name: <bdi className="portico-name">{view.values.username ?? ''}</bdi> })} {change}
      </p>
      <StepForm scene={scene}>
        <KnownName scene={scene} />
        <CurrentPassword scene={scene} label={t('password.label')} aside={<Forgot scene={scene} />} first />
        <KeepSignedIn scene={scene} />
        <AsksForPasskeys scene={scene} />
        <SignInSubmit label={t('signIn.submit')} />
      </StepForm>
    </StepPage>
  )
}

/** Cognito's name for the button, once per page, for test scripts written against its pages. */
const SignInSubmit = ({ label }: { label: string }) => (
  <Submit name="signInSubmitButton" value="1">
    {label}
  </Submit>
)

const Forgot = ({ scene }: { scene: Scene }) => (
  <a className="portico-link" href={scene.hrefOf('forgot-password')}>
    {scene.t('signIn.forgot')}
  </a>
)

const KeepSignedIn = ({ scene }: { scene: Scene }) =>
  scene.view.signIn.keepSignedIn ? (
    <Tick scene={scene} name="keep" value="on" label={scene.t('signIn.keep')} hint={scene.t('signIn.keepHint')} />
  ) : null

const NewHere = ({ scene }: { scene: Scene }) => {
  const { t, view, hrefOf } = scene
  if (!view.signIn.signUpOpen) return null
  const link = (
    <a className="portico-link" href={hrefOf('sign-up')}>
      {t('signIn.create')}
    </a>
  )
  return <p className="portico-alt redirect-customizable">{t.rich('signIn.newHere', { link })}</p>
}
