/** Public class names of the hosted pages. Removing one needs a major version. */
export const PORTICO_CLASSES = [
  'portico-page',
  'portico-rail',
  'portico-brand',
  'portico-host',
  'portico-main',
  'portico-title',
  'portico-lede',
  'portico-form',
  'portico-field',
  'portico-label',
  'portico-hint',
  'portico-input',
  'portico-code',
  'portico-error',
  'portico-summary',
  'portico-submit',
  'portico-alt',
  'portico-idp',
  'portico-divider',
  'portico-footer',
  'portico-link',
  'portico-consent',
  'portico-card',
] as const

/**
 * The class names of Cognito's classic hosted pages, on the matching elements of ours, so that a stylesheet written for
 * those drops in.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/hosted-ui-classic-branding.html
 */
export const COGNITO_CLASSES = [
  'background-customizable',
  'banner-customizable',
  'errorMessage-customizable',
  'idpButton-customizable',
  'idpDescription-customizable',
  'inputField-customizable',
  'label-customizable',
  'legalText-customizable',
  'logo-customizable',
  'passwordCheck-notValid-customizable',
  'passwordCheck-valid-customizable',
  'redirect-customizable',
  'socialButton-customizable',
  'submitButton-customizable',
  'textDescription-customizable',
] as const

const KNOWN: ReadonlySet<string> = new Set([...PORTICO_CLASSES, ...COGNITO_CLASSES])
const COGNITO: ReadonlySet<string> = new Set(COGNITO_CLASSES)

export const isKnownClass = (name: string): boolean => KNOWN.has(name)
export const isCognitoClass = (name: string): boolean => COGNITO.has(name)

/** Elements a person operates: their height has a floor. */
export const CONTROL_CLASSES: ReadonlySet<string> = new Set([
  'portico-input',
  'portico-code',
  'portico-submit',
  'portico-alt',
  'portico-idp',
  'inputField-customizable',
  'submitButton-customizable',
  'idpButton-customizable',
  'socialButton-customizable',
])

/** The known class most like the one that was written, or null when none is near. */
export const nearestClass = (written: string): string | null => {
  const wanted = written.toLowerCase()
  const shared = (name: string): number => {
    const lower = name.toLowerCase()
    let length = 0
    while (length < lower.length && lower[length] === wanted[length]) length++
    return lower.includes(wanted) || wanted.includes(lower.replace(/^portico-|-customizable$/g, '')) ? 99 : length
  }
  const [best] = [...KNOWN].map((name) => ({ name, score: shared(name) })).sort((a, b) => b.score - a.score)
  return best && best.score > 8 ? best.name : null
}
