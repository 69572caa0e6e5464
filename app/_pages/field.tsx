import type { InputHTMLAttributes, ReactNode } from 'react'
import type { Scene } from './scene.ts'

/** Ids of the texts that explain a field, in reading order; absent when there are none. */
const describedBy = (...ids: (string | null)[]) => ids.filter((id) => id !== null).join(' ') || undefined

/** What a kind of field adds to its input; the name, and the id from it, are the page's. */
export type InputAttributes = Omit<InputHTMLAttributes<HTMLInputElement>, 'name' | 'id'>

/** What a field asks of its page. */
export type FieldScene = Pick<Scene, 'idOf' | 'error'>

export interface FieldProps extends InputAttributes {
  scene: FieldScene
  name: string
  label: ReactNode
  hint?: ReactNode
  /** Stands at the end of the label's row: "Forgot password?". */
  aside?: ReactNode
  /** Stands inside the field's box, at its end: the show/hide button. */
  inside?: ReactNode
  /** Id of further text that describes the field: the password's rules. */
  rules?: string
  /** First field of a page with nothing to read before it: script puts the focus here where there is a mouse. */
  first?: boolean
}

/** Label, hint, input and error, joined by ids. `aria-invalid` is there only when this field is wrong. */
export const Field = ({ scene, name, label, hint, aside, inside, rules, first, className, ...input }: FieldProps) => {
  const id = scene.idOf(name)
  const wrong = scene.error?.field === name ? scene.error.text : null
  const hintId = hint === undefined ? null : `${id}-hint`
  const errorId = wrong === null ? null : `${id}-error`
  return (
    <div className="portico-field">
      <div className="portico-label-row">
        <label className="portico-label label-customizable" htmlFor={id}>
          {label}
        </label>
        {aside}
      </div>
      {hintId === null ? null : (
        <p className="portico-hint" id={hintId}>
          {hint}
        </p>
      )}
      <div className="portico-box">
        <input
          type="text"
          {...input}
          id={id}
          name={name}
          className={`portico-input inputField-customizable${className ? ` ${className}` : ''}`}
          aria-describedby={describedBy(hintId, rules ?? null, errorId)}
          aria-invalid={wrong === null ? undefined : true}
          data-first={first && scene.error === null ? true : undefined}
        />
        {inside}
      </div>
      {wrong === null ? null : (
        <p className="portico-error" id={`${id}-error`}>
          {wrong}
        </p>
      )}
    </div>
  )
}

/** A box to tick, with its label after it. */
export const Tick = ({
  scene,
  name,
  value,
  label,
  hint,
  defaultChecked = false,
}: {
  scene: Pick<Scene, 'idOf'>
  name: string
  value: string
  label: ReactNode
  hint?: ReactNode
  defaultChecked?: boolean
}) => {
  const id = scene.idOf(name === 'scope' ? `scope-${value}` : name)
  return (
    <div className="portico-tick">
      <input
        type="checkbox"
        id={id}
        name={name}
        value={value}
        defaultChecked={defaultChecked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      <label className="portico-tick-label" htmlFor={id}>
        {label}
      </label>
      {hint === undefined ? null : (
        <p className="portico-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
