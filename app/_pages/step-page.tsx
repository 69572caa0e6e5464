import type { ReactNode } from 'react'
import { isolated } from '#app/_lib/isolated.ts'
import { RAILS } from '#app/_lib/rails.ts'
import { MAIN_FORM } from './form.tsx'
import { HostedPage } from './hosted-page.tsx'
import type { Scene } from './scene.ts'

/** `data-state` of the body, for stylesheets and tests: which face of the page this is. */
const stateOf = ({ view: { failure, notice } }: Scene): string => {
  if (failure === null) return notice === null ? 'fresh' : 'notice'
  if (/(?:throttled|toosoon|spent)$/.test(failure.message)) return 'throttled'
  return /expired$/i.test(failure.message) ? 'expired' : 'error'
}

/** A page of a journey: the hosted page with the journey's rail, failure and notice. */
export const StepPage = ({ scene, title, children }: { scene: Scene; title: string; children: ReactNode }) => {
  const { view, t, error } = scene
  const notice = `notice.${view.notice}`
  const provider = isolated(view.connect?.provider ?? '', view.frame.dir)
  const [steps, current] = RAILS[view.step]
  return (
    <HostedPage
      frame={view.frame}
      t={t}
      page={view.step}
      state={stateOf(scene)}
      title={title}
      error={error}
      notice={t.has(notice) ? t(notice, { provider }) : null}
      steps={steps}
      current={current}
      languageForm={MAIN_FORM}
    >
      {children}
    </HostedPage>
  )
}
