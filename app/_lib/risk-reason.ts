import type { RiskPart } from '#core/risk/assess-risk.ts'
import type { RiskBecause } from '#core/risk/stored-risk.ts'
import { placeName } from '#core/shared/place-name.ts'
import type { Params, Translator } from './i18n.ts'

/** One part of a judgement as a sentence for the person. */
export const riskReason = ({ reason, params }: Pick<RiskPart, 'reason' | 'params'>, t: Translator): string => {
  const { country, city, from, ...others } = params
  const nameOf = (code: string, inCity: string | null = null): string =>
    placeName({ country: code, city: inCity }, t.locale) ?? code
  const said: Params = {
    ...others,
    ...(typeof country === 'string' ? { place: nameOf(country, city ? String(city) : null) } : {}),
    ...(typeof from === 'string' ? { from: nameOf(from) } : {}),
  }
  return t(`risk.reason.${reason}`, said)
}

/** What else shaped a judgement: `coldStart`, `stricter`, `milder`, `denied`, `allowed`. */
export const riskBecause = (because: RiskBecause, t: Translator): string => t(`risk.because.${because}`)
