import type { ReactNode } from 'react'
import { ArrowIcon } from './icons.tsx'
import type { Scene } from './scene.ts'

/** The page's own form; the language switch in the footer belongs to it too. */
export const MAIN_FORM = 'portico-form'

/**
 * A form of a journey: posts to its step's address with the step token, which is the CSRF token and the guard against a
 * stale post. The address is written out: an empty one would carry the fragment of a followed summary link through the
 * redirect, and a page with a fragment gives the focus to no summary. `novalidate`: the messages shown are the server's.
 */
export const StepForm = ({
  scene,
  children,
  aside = false,
}: {
  scene: Scene
  children: ReactNode
  /** A second form beside the main one: resend, change the address. */
  aside?: boolean
}) => (
  <form
    method="post"
    action={scene.hrefOf(scene.view.step)}
    noValidate
    className={aside ? 'portico-alt' : 'portico-form'}
    id={aside ? undefined : MAIN_FORM}
    data-pending={aside ? undefined : true}
  >
    <input type="hidden" name="_step" value={scene.view.stepToken} />
    {children}
  </form>
)

/** The primary action: a full-width row, label at the start, arrow at the end. Never disabled before a submit. */
export const Submit = ({ children, name, value }: { children: ReactNode; name?: string; value?: string }) => (
  <button type="submit" name={name} value={value} className="portico-submit submitButton-customizable">
    <span>{children}</span>
    <ArrowIcon />
  </button>
)

/** An action beside the main one, drawn as a link because it is a lesser one; a button because it posts. */
export const QuietSubmit = ({
  intent,
  children,
  resend = false,
}: {
  intent: string
  children: ReactNode
  /** Script hides it until the countdown is over. */
  resend?: boolean
}) => (
  <button type="submit" name="_intent" value={intent} className="portico-quiet" data-resend={resend ? true : undefined}>
    {children}
  </button>
)

/** Fields that go back as they came. */
export const HiddenFields = ({ fields }: { fields: Readonly<Record<string, string>> }) =>
  Object.entries(fields).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)
