/** GSM 03.38 default alphabet: one septet each. */
const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Reached by an escape: two septets each. */
const GSM_EXTENDED = '^{}\\[~]|€'

/** How many messages a phone network makes of the text (3GPP TS 23.038): 160 septets or 70 UTF-16 units in one, less when joined. */
export const smsSegments = (text: string): number => {
  let septets = 0
  for (const character of text) {
    if (GSM_BASIC.includes(character)) septets += 1
    else if (GSM_EXTENDED.includes(character)) septets += 2
    else return text.length <= 70 ? 1 : Math.ceil(text.length / 67)
  }
  return septets <= 160 ? 1 : Math.ceil(septets / 153)
}

/** The first wording that is one segment together with the ending; otherwise the last, however long it is. */
export const fittingSms = (wordings: readonly string[], ending: string): string => {
  const whole = wordings.map((wording) => `${wording}${ending}`)
  return whole.find((text) => smsSegments(text) === 1) ?? whole.at(-1) ?? ''
}

/**
 * The last line that lets a browser on the same phone offer the code, for this host only (WebOTP API §3.4,
 * "origin-bound one-time codes"): the host without its port.
 */
export const originBoundLine = (host: string, code: string): string => `\n@${host.replace(/:\d+$/, '')} #${code}`
