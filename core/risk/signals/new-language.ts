import { languageOf } from '../agent.ts'
import { knows } from '../profile.ts'
import { type Signal, tells } from '../signal.ts'

/** A browser that prefers a language the person's browsers never preferred. */
export const newLanguage: Signal = ({ request, profile }) => {
  const language = languageOf(request.acceptLanguage)
  if (language === null || profile.languages.length === 0) return null
  return knows(profile.languages, language) ? null : tells(1, 'newLanguage')
}
