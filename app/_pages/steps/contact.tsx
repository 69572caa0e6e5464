import { AttributeField } from '../attribute-field.tsx'
import { CodeAlternatives, CodeField } from '../code-field.tsx'
import { StepForm, Submit } from '../form.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'
import { sentTo } from './code.tsx'
import { EnrolmentWays } from './enrolment.tsx'

/** Where codes for signing in shall go. */
export const EnrolContact = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const { enrolment } = view
  if (enrolment?.kind !== 'contact') return null
  const { channel, isWeaker } = enrolment
  const name = channel === 'sms' ? 'phone_number' : 'email'
  return (
    <StepPage scene={scene} title={t('enrolContact.title', { channel })}>
      <p className="portico-lede textDescription-customizable">{t('enrolContact.lede')}</p>
      {isWeaker ? <p className="portico-hint">{t('enrolContact.weaker')}</p> : null}
      <StepForm scene={scene}>
        <AttributeField scene={scene} attribute={{ name, label: null, type: 'string', required: true }} last />
        <Submit>{t('enrolContact.submit')}</Submit>
      </StepForm>
      <EnrolmentWays scene={scene} />
    </StepPage>
  )
}

/** The first code turns it on. */
export const EnrolContactCode = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const channel = view.code?.channel ?? 'email'
  return (
    <StepPage scene={scene} title={t('resetCode.title', { channel })}>
      <p className="portico-lede textDescription-customizable">{sentTo(scene)}</p>
      <StepForm scene={scene}>
        <CodeField scene={scene} bySms={scene.view.code?.channel === 'sms'} />
        <Submit>{t('enrolTotp.submit')}</Submit>
      </StepForm>
      <CodeAlternatives scene={scene} change={t('confirmSignUp.change', { channel })} />
      <EnrolmentWays scene={scene} />
    </StepPage>
  )
}
