interface Proof {
  file: string
  /** Titles of tests in that file, word for word; none: the whole file. */
  titles: readonly string[]
}

/** A row without the surface it needs names the capability that will bring it, and what holds until then. */
export type Row = readonly Proof[] | { later: string; until?: readonly Proof[] }

export type Rows = Readonly<Record<number, Row>>

export const at = (file: string, ...titles: string[]): Proof => ({ file, titles })
