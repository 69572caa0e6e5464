type Form = Readonly<Record<string, string | readonly string[]>>

const PART = /^birthdate\.(?:day|month|year)$/

const typed = (form: Form, part: string): string => {
  const value = form[`birthdate.${part}`]
  return (typeof value === 'string' ? value : (value?.[0] ?? '')).trim()
}

/**
 * Joins the three boxes of a date of birth into the one attribute `birthdate` (`YYYY-MM-DD`, OpenID Connect Core §5.1).
 * What is not a number stays as typed, for the attribute's own check to refuse; three empty boxes are an empty value.
 */
export const withBirthdate = (form: Form): Form => {
  const names = Object.keys(form)
  if (!names.some((name) => PART.test(name))) return form
  const rest = Object.fromEntries(Object.entries(form).filter(([name]) => !PART.test(name)))
  const [year, month, day] = [typed(form, 'year'), typed(form, 'month'), typed(form, 'day')]
  const isEmpty = year + month + day === ''
  return { ...rest, birthdate: isEmpty ? '' : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` }
}
