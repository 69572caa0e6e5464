/** What is made once for an owner, and goes when the owner does. */
export const memo = <T extends object>(owner: object, cache: WeakMap<object, T>, make: () => T): T => {
  const known = cache.get(owner)
  if (known !== undefined) return known
  const made = make()
  cache.set(owner, made)
  return made
}
