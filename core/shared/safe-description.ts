const MOST_CHARACTERS = 200

/**
 * What somebody else's server says of itself, as it may stand in a log or an event: printable ASCII, one line, short. Empty where it
 * said nothing that can be shown.
 */
export const safeDescription = (...said: readonly unknown[]): string =>
  said
    .flatMap((one) => (typeof one === 'string' ? [one.replaceAll(/[^\x20-\x7e]/g, '').trim()] : []))
    .filter((one) => one !== '')
    .join(': ')
    .slice(0, MOST_CHARACTERS)
