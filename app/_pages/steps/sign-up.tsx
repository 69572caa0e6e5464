import { failureText } from '#app/_lib/failure-text.ts'
import { AttributeField } from '../attribute-field.tsx'
import { StepForm, Submit } from '../form.tsx'
import { NameField } from '../name-field.tsx'
import { NewPassword } from '../password-field.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'
import { OtherWaysIn } from './providers.tsx'

/** Only what the pool requires: the name first, then the password, then the attributes. */
export const SignUp = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  if (!view.signIn.signUpOpen) return <SignUpClosed scene={scene} />
  return (
    <StepPage scene={scene} title={t('signUp.title')}>
      <StepForm scene={scene}>
        <NameField scene={scene} purpose="sign-up" />
        {view.signIn.methods.includes('password') ? <NewPassword scene={scene} /> : null}
        {view.signUp.fields.map((attribute, index, all) => (
          <AttributeField key={attribute.name} scene={scene} attribute={attribute} last={index === all.length - 1} />
        ))}
        <Submit>{t('signUp.submit')}</Submit>
      </StepForm>
      <OtherWaysIn scene={scene} />
      <HaveAccount scene={scene} />
    </StepPage>
  )
}

/** The pool takes no new accounts: says who to ask. The empty form carries the language switch. */
const SignUpClosed = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const closed = {
    message: 'signup.closed',
    params: view.signUp.owner ? { owner: view.signUp.owner } : {},
    field: null,
  }
  return (
    <StepPage scene={{ ...scene, error: null }} title={t('signUp.closedTitle')}>
      <p className="portico-lede textDescription-customizable">{failureText(closed, view.frame, t)}</p>
      <StepForm scene={scene}>{null}</StepForm>
      <HaveAccount scene={scene} />
    </StepPage>
  )
}

const HaveAccount = ({ scene: { t, hrefOf } }: { scene: Scene }) => {
  const link = (
    <a className="portico-link" href={hrefOf('sign-in')}>
      {t('signUp.signIn')}
    </a>
  )
  return <p className="portico-alt redirect-customizable">{t.rich('signUp.haveAccount', { link })}</p>
}
