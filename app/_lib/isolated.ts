import type { Direction } from '#core/shared/locales.ts'

/**
 * A foreign name inside a plain sentence, where there is no `<bdi>`: on pages that read from right to left it would
 * otherwise lend its direction to the punctuation beside it (Unicode TR 9 §2.4, FSI and PDI).
 */
export const isolated = (text: string, dir: Direction): string => (dir === 'rtl' ? `\u2068${text}\u2069` : text)
