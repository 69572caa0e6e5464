import type { PageFrame, ShownFailure } from '#core/flows/flow-view.ts'
import type { KeyBelow, MessageKey, Params, Translator } from './i18n.ts'

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
  }
  if (typeof params.missing === 'string') params.missing = missingRules(params.missing, t)
  const attribute = params.attribute ?? failure.field
  if (typeof attribute === 'string') params.attribute = attributeLabel(attribute, null, t)
  try {
    return t(spoken, params)
  } catch {
    return t(`message.${general}`)
  }
}
