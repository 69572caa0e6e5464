import { createHash } from 'node:crypto'

/** Degrees of OKLCH, and how much of the table's chroma the ink uses. */
export interface Ink {
  name: string
  hue: number
  chroma: number
}

/** Every pool has one before anyone configures anything. Violet is left out: it is what unconfigured pages look like elsewhere. */
export const INKS = [
  { name: 'prussian', hue: 250, chroma: 1 },
  { name: 'petrol', hue: 215, chroma: 1 },
  { name: 'verdigris', hue: 190, chroma: 1 },
  { name: 'bottle', hue: 155, chroma: 1 },
  { name: 'moss', hue: 130, chroma: 1 },
  { name: 'olive', hue: 110, chroma: 1 },
  { name: 'ochre', hue: 80, chroma: 1 },
  { name: 'sienna', hue: 55, chroma: 1 },
  { name: 'oxide', hue: 35, chroma: 1 },
  { name: 'madder', hue: 15, chroma: 1 },
  { name: 'mulberry', hue: 350, chroma: 1 },
  { name: 'slate', hue: 235, chroma: 0.4 },
] as const satisfies readonly Ink[]

export type InkName = (typeof INKS)[number]['name']

export const inkByName = (name: InkName): Ink => INKS.find((ink) => ink.name === name) ?? INKS[0]

/** The pool's ink: the same for ever, because it depends on nothing but the id. */
export const inkOfPool = (poolId: string): Ink => {
  const [byte = 0, next = 0] = createHash('sha256').update(`ink:${poolId}`).digest()
  return INKS[(byte * 256 + next) % INKS.length] ?? INKS[0]
}
