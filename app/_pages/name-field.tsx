import type { NameKind } from '#app/_lib/name-kind.ts'
import { Field, type InputAttributes } from './field.tsx'
import type { Scene } from './scene.ts'

const PLAIN = { autoCapitalize: 'none', spellCheck: false, autoCorrect: 'off', required: true, dir: 'ltr' } as const

const ATTRIBUTES: Partial<Record<NameKind, InputAttributes>> = {
  email: { type: 'email', inputMode: 'email' },
  phone_number: { inputMode: 'tel' },
}

/** HTML's `username` belongs to no field of type `tel`, so that where a saved name is wanted the keyboard alone is a phone's. */
const typeOf = (autoComplete: string): InputAttributes => (autoComplete === 'tel' ? { type: 'tel' } : {})

/** Where an account is made, the browser may offer the person's own number; elsewhere the name it has saved. */
const autoCompleteOf = (purpose: 'sign-in' | 'sign-up' | 'recovery', kind: NameKind) => {
  if (purpose === 'sign-in') return 'username webauthn'
  return purpose === 'sign-up' && kind === 'phone_number' ? 'tel' : 'username'
}

/** The name of the account: an e-mail address, a phone number or a user name, as the pool has it. */
export const NameField = ({
  scene,
  purpose,
  last = false,
}: {
  scene: Scene
  purpose: 'sign-in' | 'sign-up' | 'recovery'
  /** Nothing else to fill in: the keyboard's key says "go". */
  last?: boolean
}) => {
  const { t, kind, view } = scene
  const autoComplete = autoCompleteOf(purpose, kind)
  return (
    <Field
      scene={scene}
      name="username"
      label={t(`name.${kind}`)}
      {...(kind === 'phone_number' && purpose === 'sign-up' ? { hint: t('name.phoneHint') } : {})}
      {...PLAIN}
      {...ATTRIBUTES[kind]}
      {...typeOf(autoComplete)}
      autoComplete={autoComplete}
      enterKeyHint={last ? 'go' : 'next'}
      defaultValue={view.values.username}
      first
    />
  )
}

/**
 * The name on pages that ask only for a password, so that a password manager saves and fills the pair. A real input,
 * out of sight by class: managers ignore hidden ones.
 */
export const KnownName = ({ scene }: { scene: Pick<Scene, 'idOf'> & { view: Pick<Scene['view'], 'values'> } }) =>
  scene.view.values.username === undefined ? null : (
    <input
      className="sr-only"
      type="text"
      name="username"
      id={scene.idOf('username')}
      autoComplete="username"
      value={scene.view.values.username}
      readOnly
      tabIndex={-1}
      aria-hidden="true"
    />
  )
