import { attributeLabel } from '#app/_lib/failure-text.ts'
import type { AttributeField as Attribute, FlowView, PageFrame } from '#core/flows/flow-view.ts'
import { Field, type FieldScene, type InputAttributes, Tick } from './field.tsx'
import type { Scene } from './scene.ts'

/** What these fields ask of their page. */
export type AttributeScene = FieldScene &
  Pick<Scene, 't'> & { view: Pick<FlowView, 'values'> & { frame: Pick<PageFrame, 'locale'> } }

/** What the browser may fill in, and which keyboard helps, by standard attribute (OpenID Connect Core §5.1). */
const ATTRIBUTES: Readonly<Record<string, InputAttributes>> = {
  address: { autoComplete: 'street-address' },
  email: {
    type: 'email',
    autoComplete: 'email',
    inputMode: 'email',
    autoCapitalize: 'none',
    spellCheck: false,
    dir: 'ltr',
  },
  family_name: { autoComplete: 'family-name' },
  gender: { autoComplete: 'sex' },
  given_name: { autoComplete: 'given-name' },
  locale: { autoComplete: 'language' },
  middle_name: { autoComplete: 'additional-name' },
  name: { autoComplete: 'name' },
  nickname: { autoComplete: 'nickname' },
  phone_number: { type: 'tel', autoComplete: 'tel', inputMode: 'tel', dir: 'ltr' },
  picture: { type: 'url', autoComplete: 'photo', dir: 'ltr' },
  preferred_username: { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false },
  profile: { type: 'url', autoComplete: 'off', dir: 'ltr' },
  website: { type: 'url', autoComplete: 'url', dir: 'ltr' },
  zoneinfo: { autoComplete: 'off', dir: 'ltr' },
}

const BY_TYPE: Readonly<Record<Attribute['type'], InputAttributes>> = {
  string: {},
  number: { inputMode: 'decimal', dir: 'ltr' },
  datetime: { type: 'datetime-local' },
  boolean: {},
}

/** One attribute of the pool's schema, named in the pool's words or the catalogue's. */
export const AttributeField = ({
  scene,
  attribute,
  last,
}: {
  scene: AttributeScene
  attribute: Attribute
  last: boolean
}) => {
  const { t, view } = scene
  const { name, type, required } = attribute
  const own = attributeLabel(name, attribute.label, t)
  const label = required ? own : t('page.optional', { label: own })
  if (name === 'birthdate') return <Birthdate scene={scene} label={label} required={required} />
  if (type === 'boolean')
    return <Tick scene={scene} name={name} value="true" label={label} defaultChecked={view.values[name] === 'true'} />
  return (
    <Field
      scene={scene}
      name={name}
      label={label}
      {...hintOf(name, scene)}
      {...BY_TYPE[type]}
      {...ATTRIBUTES[name]}
      required={required}
      enterKeyHint={last ? 'go' : 'next'}
      defaultValue={view.values[name]}
    />
  )
}

const hintOf = (name: string, { t }: AttributeScene) => {
  if (name === 'phone_number') return { hint: t('name.phoneHint') }
  return name === 'zoneinfo' ? { hint: t('attribute.zoneinfoHint') } : {}
}

/** Parts of a date in the order of the language, each with its autofill name. */
const PARTS = {
  day: { name: 'birthdate.day', label: 'attribute.birthday', autoComplete: 'bday-day' },
  month: { name: 'birthdate.month', label: 'attribute.birthmonth', autoComplete: 'bday-month' },
  year: { name: 'birthdate.year', label: 'attribute.birthyear', autoComplete: 'bday-year' },
} as const

type Part = keyof typeof PARTS

const orderOf = (locale: string): Part[] =>
  new Intl.DateTimeFormat(locale, { year: 'numeric', month: '2-digit', day: '2-digit' })
    .formatToParts(0)
    .map((part) => part.type)
    .filter((type): type is Part => type in PARTS)

/** Three boxes that `withBirthdate` (core/shared/birthdate.ts) makes one `birthdate` of: nobody scrolls a calendar to 1963. */
const Birthdate = ({ scene, label, required }: { scene: AttributeScene; label: string; required: boolean }) => {
  const { t, view } = scene
  const id = scene.idOf('birthdate')
  const wrong = scene.error?.field === 'birthdate' ? scene.error.text : null
  const [year, month, day] = view.values.birthdate?.split('-') ?? []
  const typed: Record<Part, string | undefined> = { year, month, day }
  return (
    <fieldset className="portico-field portico-date" aria-describedby={wrong === null ? undefined : `${id}-error`}>
      <legend className="portico-label label-customizable">{label}</legend>
      <div className="portico-date-parts">
        {orderOf(view.frame.locale).map((part, index) => (
          <div key={part} className={`portico-date-${part}`}>
            <label className="portico-part" htmlFor={index === 0 ? id : `${id}-${part}`}>
              {t(PARTS[part].label)}
            </label>
            <input
              className="portico-input inputField-customizable"
              id={index === 0 ? id : `${id}-${part}`}
              name={PARTS[part].name}
              type="text"
              inputMode="numeric"
              autoComplete={PARTS[part].autoComplete}
              dir="ltr"
              required={required}
              aria-invalid={wrong === null ? undefined : true}
              defaultValue={typed[part]}
            />
          </div>
        ))}
      </div>
      {wrong === null ? null : (
        <p className="portico-error" id={`${id}-error`}>
          {wrong}
        </p>
      )}
    </fieldset>
  )
}
