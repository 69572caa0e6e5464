import { failureText } from '#app/_lib/failure-text.ts'
import { type Translator, translatorOf } from '#app/_lib/i18n.ts'
import { type NameKind, nameKindOf } from '#app/_lib/name-kind.ts'
import { fieldId, stepFields } from '#app/_lib/step-fields.ts'
import type { FlowStep, FlowView } from '#core/flows/flow-view.ts'

/** What went wrong, in words, and where on this page it can be mended. */
export interface PageError {
  text: string
  /** Field that is wrong; null when the form as a whole was refused. */
  field: string | null
  /** Where the summary's link leads; null on pages without a field. */
  target: string | null
}

/** What every part of a journey's page is handed. */
export interface Scene {
  view: FlowView
  t: Translator
  kind: NameKind
  error: PageError | null
  idOf: (name: string) => string
  /** Address of another entry of the same journey. */
  hrefOf: (step: FlowStep) => string
}

export const sceneOf = (view: FlowView): Scene => {
  const t = translatorOf(view.frame.locale)
  const kind = nameKindOf(view)
  const idOf = (name: string) => fieldId(view.step, name)
  const fields = stepFields(view)
  const { failure } = view
  const field = failure?.field != null && fields.includes(failure.field) ? failure.field : null
  // What a provider did is mended in no field of ours.
  const isUpstream = failure?.message.startsWith('upstream.') === true
  const target = field ?? (isUpstream ? null : (fields[0] ?? null))
  const known = {
    kind: view.step === 'change-password' ? 'current' : kind,
    min: view.passwordRules.minLength,
    minutes: view.code?.minutes ?? 15,
    seconds: view.code?.resendInSeconds ?? 30,
    ...(view.signUp.owner === null ? {} : { owner: view.signUp.owner, support: view.signUp.owner }),
  }
  return {
    view,
    t,
    kind,
    idOf,
    hrefOf: (step) => `${view.frame.base}/flow/${view.flowId}/${step}`,
    error: failure && {
      text: failureText(failure, view.frame, t, known),
      field,
      target: target === null ? null : idOf(target),
    },
  }
}
