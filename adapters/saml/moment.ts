const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/

/** SAML 2.0 Core §1.3.3: times are in UTC and say so. Epoch milliseconds; null: no such time. */
export const readMoment = (text: string | null): number | null => {
  if (text === null || !UTC.test(text)) return null
  // Milliseconds are as fine as Date gets, and finer than any clock here is right.
  const at = Date.parse(text.replace(/(\.\d{3})\d+Z$/, '$1Z'))
  return Number.isNaN(at) ? null : at
}

export const writeMoment = (at: number): string => new Date(at).toISOString()
