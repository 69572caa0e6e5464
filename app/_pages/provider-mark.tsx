import { PROVIDER_MARKS } from '#app/_lib/provider-marks.ts'
import type { PageFrame } from '#core/flows/flow-view.ts'
import { DoorIcon } from './icons.tsx'

/** Logos of providers that are somebody's own: their kind says nothing to whoever signs in. */
const UNMARKED: ReadonlySet<string> = new Set(['oidc', 'saml', 'ldap'])

/** As the reader counts letters: a flag or a letter with its marks is one. */
const initialOf = (label: string, locale: string): string => {
  const [first] = new Intl.Segmenter(locale).segment(label.trim())
  return (first?.segment ?? '').toLocaleUpperCase(locale)
}

/**
 * The mark of an identity provider, in the colour of the words it stands beside: drawn where everybody knows it, a door
 * where the provider has none, else the first letter of its name.
 */
export const ProviderMark = ({ logo, label, frame }: { logo: string | null; label: string; frame: PageFrame }) => {
  if (logo === null || UNMARKED.has(logo)) return <DoorIcon />
  if (!Object.hasOwn(PROVIDER_MARKS, logo))
    return (
      <span className="portico-mark-glyph portico-initial" aria-hidden="true">
        {initialOf(label, frame.locale)}
      </span>
    )
  return (
    <svg className="portico-mark-glyph" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <use href={`${frame.assets.marks}#${logo}`} />
    </svg>
  )
}
