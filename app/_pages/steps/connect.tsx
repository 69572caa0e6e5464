import { QuietSubmit, StepForm, Submit } from '../form.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'

/** There is an account with the same address: prove it, or keep the two apart. */
export const LinkAccount = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const { provider = '', account = '' } = view.connect ?? {}
  return (
    <StepPage scene={scene} title={t('linkAccount.title')}>
      <p className="portico-lede textDescription-customizable">{t('linkAccount.lede', { provider, account })}</p>
      <StepForm scene={scene}>
        <Submit>{t('linkAccount.prove')}</Submit>
        <div className="portico-actions">
          <QuietSubmit intent="separate">{t('linkAccount.separate')}</QuietSubmit>
        </div>
      </StepForm>
    </StepPage>
  )
}

/** The account is proven: the last word before the two are connected. */
export const ConnectProvider = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const { provider = '', account = '' } = view.connect ?? {}
  return (
    <StepPage scene={scene} title={t('connectProvider.title', { provider })}>
      <p className="portico-lede textDescription-customizable">{t('connectProvider.lede', { provider, account })}</p>
      <StepForm scene={scene}>
        <Submit>{t('connectProvider.connect')}</Submit>
        <div className="portico-actions">
          <QuietSubmit intent="separate">{t('connectProvider.separate')}</QuietSubmit>
        </div>
      </StepForm>
    </StepPage>
  )
}
