import type { RiskPart } from '#core/risk/assess-risk.ts'
import type { RiskBecause } from '#core/risk/stored-risk.ts'
import type { Params, Translator } from './i18n.ts'

/** "France" of `FR`, in the reader's language; the code itself where the language has no name for it. */
const countryName = (code: string, t: Translator): string => {
  try {
    return new Intl.DisplayNames(t.locale, { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}

/** "Lyon, France", as far as it is known. */
export const placeName = (place: { country: string; city?: string | null }, t: Translator): string => {
  const country = countryName(place.country, t)
  return place.city ? `${place.city}${t.locale === 'ar' ? '،' : ','} ${country}` : country
}

/** One part of a judgement as a sentence for the person. */
export const riskReason = ({ reason, params }: Pick<RiskPart, 'reason' | 'params'>, t: Translator): string => {
  const { country, city, from, ...others } = params
  const said: Params = {
    ...others,
    ...(typeof country === 'string' ? { place: placeName({ country, city: city ? String(city) : null }, t) } : {}),
    ...(typeof from === 'string' ? { from: countryName(from, t) } : {}),
  }
  return t(`risk.reason.${reason}`, said)
}

/** What else shaped a judgement: `coldStart`, `stricter`, `milder`, `denied`, `allowed`. */
export const riskBecause = (because: RiskBecause, t: Translator): string => t(`risk.because.${because}`)
