import { Field, type FieldScene } from './field.tsx'
import { QuietSubmit, StepForm } from './form.tsx'
import type { Scene } from './scene.ts'

/** One box for the six digits; no `maxlength`, so that "123 456" pastes whole and the server tidies it. */
export const CodeField = ({ scene, bySms = false }: { scene: FieldScene & Pick<Scene, 't'>; bySms?: boolean }) => (
  <Field
    scene={scene}
    name="code"
    label={scene.t('code.label')}
    className="portico-code"
    inputMode="numeric"
    autoComplete="one-time-code"
    pattern="[0-9\s\-]*"
    enterKeyHint="go"
    dir="ltr"
    required
    data-code
    data-sms={bySms || undefined}
  />
)

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`

/**
 * "Send a new code" and, where the code proves an address just typed, "Change email". The wait is written out; script
 * counts it down and keeps the button back until then, the server refuses an early post with the same words.
 */
export const CodeAlternatives = ({ scene, change }: { scene: Scene; change?: string }) => {
  const { t, view } = scene
  const wait = view.code?.resendInSeconds ?? 0
  return (
    <StepForm scene={scene} aside>
      <p className="portico-hint">{t('code.wait', { channel: view.code?.channel ?? 'email' })}</p>
      {wait > 0 ? (
        <p className="portico-hint" data-countdown={wait} data-now={t('code.resendNow')}>
          {t.rich('code.resendIn', { time: <span className="portico-clock">{clock(wait)}</span> })}
        </p>
      ) : null}
      <div className="portico-actions">
        <QuietSubmit intent="resend" resend>
          {t('code.resend')}
        </QuietSubmit>
        {change !== undefined && view.code?.mayChangeDestination ? (
          <QuietSubmit intent="change-destination">{change}</QuietSubmit>
        ) : null}
      </div>
    </StepForm>
  )
}
