const PART = /^birthdate\.(?:day|month|year)$/

/**
 * Joins the three boxes of a date of birth into the one attribute `birthdate` (`YYYY-MM-DD`, OpenID Connect Core §5.1).
 * What is not a number stays as typed, for the attribute's own check to refuse; three empty boxes are no value.
 */
export const withBirthdate = (form: Readonly<Record<string, string>>): Record<string, string> => {
  const rest = Object.fromEntries(Object.entries(form).filter(([name]) => !PART.test(name)))
  const [year = '', month = '', day = ''] = ['year', 'month', 'day'].map((part) => form[`birthdate.${part}`]?.trim())
  if (year + month + day === '') return rest
  return { ...rest, birthdate: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` }
}
