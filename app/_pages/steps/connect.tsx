import type { ReactNode } from 'react'
import { isolated } from '#app/_lib/isolated.ts'
import { Breakable } from '../breakable.tsx'
import { StepForm, Submit } from '../form.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'

/** Both accounts by name, and two answers of one size: nothing is connected in passing. */
const Question = ({
  scene,
  title,
  lede,
  submit,
  separate,
  children,
}: {
  scene: Scene
  title: string
  lede: 'linkAccount.lede' | 'connectProvider.lede'
  submit: string
  separate: string
  children: ReactNode
}) => {
  const { t, view } = scene
  const { provider = '', identity = null, account = '' } = view.connect ?? {}
  const names = {
    provider: <bdi>{provider}</bdi>,
    account: (
      <bdi className="portico-name portico-address">
        <Breakable text={account} />
      </bdi>
    ),
    identity: (
      <bdi className="portico-name">
        <Breakable text={identity ?? ''} />
      </bdi>
    ),
  }
  return (
    <StepPage scene={scene} title={title}>
      <p className="portico-lede textDescription-customizable">{t.rich(lede, names)}</p>
      {identity === null ? null : <p className="portico-lede">{t.rich('connectProvider.identity', names)}</p>}
      <StepForm scene={scene}>
        <Submit>{submit}</Submit>
        <button type="submit" name="_intent" value="separate" className="portico-row">
          <span>{separate}</span>
        </button>
      </StepForm>
      <p className="portico-alt portico-hint">{children}</p>
    </StepPage>
  )
}

/** There is an account with the same address: prove it, or keep the two apart. */
export const LinkAccount = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  return (
    <Question
      scene={scene}
      title={t('linkAccount.title')}
      lede={'linkAccount.lede'}
      submit={t('linkAccount.prove')}
      separate={t('linkAccount.separate')}
    >
      {t.rich('linkAccount.apart', { provider: <bdi>{view.connect?.provider}</bdi> })}
    </Question>
  )
}

/** Asking again would end the same way: there is only the way back. */
const NotConnected = ({ scene, provider }: { scene: Scene; provider: string }) => {
  const { t, view } = scene
  return (
    <StepPage scene={scene} title={t('connectProvider.refused', { provider })}>
      <StepForm scene={scene}>
        <Submit name="_intent" value="separate">
          {t(view.connect?.isFromAccount ? 'connectProvider.toAccount' : 'connectProvider.goOn')}
        </Submit>
      </StepForm>
    </StepPage>
  )
}

/** The account is proven: the last word before the two are connected. */
export const ConnectProvider = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const provider = isolated(view.connect?.provider ?? '', view.frame.dir)
  if (view.connect?.isRefused) return <NotConnected scene={scene} provider={provider} />
  return (
    <Question
      scene={scene}
      title={t('connectProvider.title', { provider })}
      lede={'connectProvider.lede'}
      submit={t('connectProvider.connect')}
      separate={t(view.connect?.isFromAccount ? 'page.cancel' : 'connectProvider.separate')}
    >
      {t('connectProvider.undo')}
    </Question>
  )
}
