import type { ReactNode } from 'react'
import { CodeAlternatives, CodeField } from '../code-field.tsx'
import { StepForm, Submit } from '../form.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'
import { OtherWays, Reason } from './second-factor.tsx'
import { AnotherMethod, SigningInAs } from './sign-in.tsx'

/** The shape of every page that asks for a code: where it went, the box, a new one, another address. */
const CodePage = ({
  scene,
  title,
  lede,
  change,
}: {
  scene: Scene
  title: string
  lede: ReactNode
  change?: string
}) => (
  <StepPage scene={scene} title={title}>
    <p className="portico-lede textDescription-customizable">{lede}</p>
    <StepForm scene={scene}>
      <CodeField scene={scene} bySms={scene.view.code?.channel === 'sms'} />
      <Submit>{scene.t('code.submit')}</Submit>
    </StepForm>
    <CodeAlternatives scene={scene} {...(change === undefined ? {} : { change })} />
  </StepPage>
)

const channelOf = ({ view }: Scene) => view.code?.channel ?? 'email'

export const sentTo = ({ t, view: { code } }: Scene): ReactNode =>
  code === null
    ? t('code.pending')
    : t.rich('code.sent', {
        minutes: code.minutes,
        destination: (
          <bdi dir="ltr" className="portico-name">
            {code.destination}
          </bdi>
        ),
      })

/** After signing up. The same page whether the address was new or already has an account. */
export const ConfirmSignUp = ({ scene }: { scene: Scene }) => (
  <CodePage
    scene={scene}
    title={scene.t('confirmSignUp.title', { channel: channelOf(scene) })}
    lede={sentTo(scene)}
    change={scene.t('confirmSignUp.change', { channel: channelOf(scene) })}
  />
)

/** After a right password of an account that was never confirmed. */
export const ConfirmAccount = ({ scene }: { scene: Scene }) => (
  <CodePage
    scene={scene}
    title={scene.t('confirmAccount.title', { channel: channelOf(scene) })}
    lede={
      <>
        {scene.t('confirmAccount.lede')} {sentTo(scene)}
      </>
    }
  />
)

/** After asking for a reset: the same words whether there is an account or not. */
export const ResetCode = ({ scene }: { scene: Scene }) => (
  <CodePage
    scene={scene}
    title={scene.t('resetCode.title', { channel: channelOf(scene) })}
    lede={scene.t('resetCode.sent', { kind: scene.kind, minutes: scene.view.code?.minutes ?? 15 })}
  />
)

/** Instead of a password: the same words whether there is an account or not. A mail may have a button too. */
export const SignInCode = ({ scene }: { scene: Scene }) => {
  const { t, kind, view } = scene
  return (
    <StepPage scene={scene} title={t('resetCode.title', { channel: channelOf(scene) })}>
      <SigningInAs scene={scene} />
      <p className="portico-lede textDescription-customizable">
        {t('resetCode.sent', { kind, minutes: view.code?.minutes ?? 10 })}{' '}
        {view.code?.hasLink ? t('signInCode.link') : null}
      </p>
      <StepForm scene={scene}>
        <CodeField scene={scene} bySms={scene.view.code?.channel === 'sms'} />
        <Submit>{t('signIn.submit')}</Submit>
      </StepForm>
      <CodeAlternatives scene={scene} />
      <AnotherMethod scene={scene} />
    </StepPage>
  )
}

/** The second step, by a code sent to a phone or a mailbox. */
export const FactorCode = ({ scene }: { scene: Scene }) => (
  <StepPage scene={scene} title={scene.t('resetCode.title', { channel: channelOf(scene) })}>
    <Reason scene={scene} />
    <p className="portico-lede textDescription-customizable">{sentTo(scene)}</p>
    <StepForm scene={scene}>
      <CodeField scene={scene} bySms={scene.view.code?.channel === 'sms'} />
      <Submit>{scene.t('code.submit')}</Submit>
    </StepForm>
    <CodeAlternatives scene={scene} />
    <OtherWays scene={scene} />
  </StepPage>
)
