/** Members deeper than this are nobody's profile. */
const MOST_STEPS = 8

const memberOf = (value: unknown, name: string): unknown => {
  if (Array.isArray(value)) return /^\d{1,4}$/.test(name) ? value[Number(name)] : undefined
  if (typeof value !== 'object' || value === null) return undefined
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

/**
 * The claim of this very name; otherwise what the dots lead to. Names come first, because claims are often addresses
 * (`https://example.com/role`). Own members alone: `constructor` is not a claim. Undefined where there is none.
 */
export const readClaim = (claims: Readonly<Record<string, unknown>>, path: string): unknown => {
  const named = memberOf(claims, path)
  if (named !== undefined) return named
  const steps = path.split('.')
  return steps.length > MOST_STEPS ? undefined : steps.reduce(memberOf, claims as unknown)
}
