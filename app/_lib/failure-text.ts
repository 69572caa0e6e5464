import type { PageFrame, ShownFailure } from '#core/flows/flow-view.ts'
import type { KeyBelow, MessageKey, Params, Translator } from './i18n.ts'
import { isolated } from './isolated.ts'

type Rule = 'uppercase' | 'lowercase' | 'numbers' | 'symbols'

const RULES: readonly Rule[] = ['uppercase', 'lowercase', 'numbers', 'symbols']

/** The label of an attribute: the pool's own, else the catalogue's, else the name of a custom attribute. */
export const attributeLabel = (name: string, own: string | null, t: Translator): string => {
  const key = `attribute.${name}`
  return own ?? (t.has(key) ? t(key) : name.replace(/^custom:/, ''))
}

/** "lowercase,numbers" → "a small letter and a number". */
const missingRules = (missing: string, t: Translator) => {
  const named = RULES.filter((rule) => missing.includes(rule.replace(/s$/, '')))
  return named.length === 0 ? missing : t.list(named.map((rule) => t(`password.${rule}`)))
}

/** "email,custom:team" → "Email address and Team". */
const attributeNames = (names: string, t: Translator) =>
  t.list(names.split(',').map((name) => attributeLabel(name.trim(), null, t)))

/** Codes before what a provider said, or all there is of it: they say nothing to the person. */
const CODES = [
  // RFC 6749 §4.1.2.1: `access_denied: …`
  /^[a-z]+(?:_[a-z]+)+(?::\s*|$)/,
  // SAML 2.0 Core §3.2.2.2, status and second status: `Responder, AuthnFailed, …`
  /^status-refused: [A-Z]\w*(?:, [A-Z][a-z]+[A-Z]\w*(?=,|$))?(?:, |$)/,
]

/** What an identity provider is called and said, set apart from the sentence around it; `said`: whether it said anything. */
const upstreamWords = (params: Params, frame: PageFrame): Params => {
  const { provider, description } = params
  const said = {
    provider,
    description: CODES.reduce((text, code) => text.replace(code, ''), String(description ?? '')),
  }
  const words = Object.entries(said).flatMap(([name, text]) =>
    typeof text === 'string' && text !== '' ? [[name, isolated(text, frame.dir)]] : [],
  )
  const known = Object.fromEntries(words)
  return { ...known, said: Object.hasOwn(known, 'description') ? 'yes' : 'no' }
}

/**
 * The words of a failure. Never throws: a message that is not in the catalogue, or whose placeholders were not given,
 * becomes the general one (a page that cannot say what went wrong must still be a page).
 *
 * @param known what the page can add to the failure's own numbers and names
 */
export const failureText = (failure: ShownFailure, frame: PageFrame, t: Translator, known: Params = {}): string => {
  if (failure.text !== undefined) return failure.text
  const key = `message.${failure.message}`
  const general: KeyBelow<'message'> = 'service.trouble'
  const spoken: MessageKey = t.has(key) ? key : `message.${general}`
  const people = t('fallback.owner', { app: frame.appName })
  const params: Record<string, string | number> = {
    app: frame.appName,
    owner: people,
    support: people,
    ...known,
    ...failure.params,
    ...upstreamWords(failure.params, frame),
  }
  if (typeof params.missing === 'string') params.missing = missingRules(params.missing, t)
  if (typeof params.attributes === 'string') params.attributes = attributeNames(params.attributes, t)
  const attribute = params.attribute ?? failure.field
  if (typeof attribute === 'string') params.attribute = attributeLabel(attribute, null, t)
  try {
    return t(spoken, params)
  } catch {
    return t(`message.${general}`)
  }
}
