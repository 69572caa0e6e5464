import type { ReactNode } from 'react'
import type { FlowView, PasswordRules } from '#core/flows/flow-view.ts'
import { Field, type FieldScene } from './field.tsx'
import type { Scene } from './scene.ts'

/** What the fields of passwords ask of their page. */
type SpokenScene = FieldScene & Pick<Scene, 't'>
export type NewPasswordScene = SpokenScene & { view: Pick<FlowView, 'step'> & { passwordRules: PasswordRules | null } }

const PLAIN = {
  type: 'password',
  spellCheck: false,
  autoCapitalize: 'none',
  autoCorrect: 'off',
  required: true,
} as const

/** The password of an account that exists. Nothing typed here ever comes back from the server. */
export const CurrentPassword = ({
  scene,
  name = 'password',
  label,
  aside,
  first = false,
}: {
  scene: SpokenScene
  name?: string
  label: string
  aside?: ReactNode
  first?: boolean
}) => (
  <Field
    scene={scene}
    name={name}
    label={label}
    aside={aside}
    inside={<ShowPassword scene={scene} controls={scene.idOf(name)} />}
    {...PLAIN}
    autoComplete="current-password"
    enterKeyHint="go"
    first={first}
  />
)

/** A new password: one field, because it can be shown; its rules, where they are known, beside it and for the browser's generator. */
export const NewPassword = ({ scene, first = false }: { scene: NewPasswordScene; first?: boolean }) => {
  const { passwordRules: rules } = scene.view
  const rulesId = `${scene.idOf('password')}-rules`
  return (
    <div className="portico-new-password" data-password-rules={rules === null ? undefined : true}>
      <Field
        scene={scene}
        name="password"
        label={scene.t(scene.view.step === 'sign-up' ? 'password.label' : 'password.new')}
        inside={<ShowPassword scene={scene} controls={scene.idOf('password')} />}
        {...PLAIN}
        {...(rules === null ? {} : { rules: rulesId, passwordrules: passwordRules(rules) })}
        autoComplete="new-password"
        enterKeyHint="go"
        first={first}
      />
      {rules === null ? null : <Rules id={rulesId} t={scene.t} passwordRules={rules} />}
    </div>
  )
}

/** Hidden until script runs: without it the button could do nothing. */
const ShowPassword = ({ scene: { t }, controls }: { scene: SpokenScene; controls: string }) => (
  <button
    type="button"
    className="portico-show"
    hidden
    aria-pressed="false"
    aria-controls={controls}
    aria-label={t('password.show')}
    data-show
  >
    {t('password.showShort')}
  </button>
)

/** What the password must have. The marks are script's; the list is complete without it. */
const Rules = ({ id, t, passwordRules }: { id: string; t: Scene['t']; passwordRules: PasswordRules }) => {
  const { minLength, ...rules } = passwordRules
  const classes = (
    [
      ['uppercase', rules.requireUppercase],
      ['lowercase', rules.requireLowercase],
      ['numbers', rules.requireNumbers],
      ['symbols', rules.requireSymbols],
    ] as const
  ).flatMap(([name, isRequired]) => (isRequired ? [name] : []))
  const check = { className: 'portico-check passwordCheck-notValid-customizable' }
  if (classes.length === 0)
    return (
      <p id={id} {...check} data-check="length" data-min={minLength}>
        {t('password.length', { min: minLength })}
      </p>
    )
  return (
    <div id={id} className="portico-checks" data-met={t('password.met')} data-not-met={t('password.notMet')}>
      <p className="portico-hint">{t('password.rules')}</p>
      <ul>
        <li {...check} data-check="length" data-min={minLength}>
          {t('password.minimum', { min: minLength })}
        </li>
        {classes.map((name) => (
          <li key={name} {...check} data-check={name}>
            {t(`password.${name}`)}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The `passwordrules` attribute that password generators read; not standard, harmless elsewhere. */
const passwordRules = (rules: PasswordRules): string =>
  [
    `minlength: ${rules.minLength};`,
    rules.requireUppercase && 'required: upper;',
    rules.requireLowercase && 'required: lower;',
    rules.requireNumbers && 'required: digit;',
    rules.requireSymbols && 'required: special;',
    'allowed: ascii-printable;',
  ]
    .filter(Boolean)
    .join(' ')
