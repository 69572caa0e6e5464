/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other (optimal string alignment). */
export const editDistance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const above = rows[i - 1] ?? []
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j] ?? 0, (rows[i - 2]?.[j - 2] ?? 0) + 1)
    }
    rows.push(row)
  }
  return rows[a.length]?.[b.length] ?? 0
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[_\-\s]/g, '')

/** The word that was probably meant; null when none is near: at most a third of its letters may differ. */
export const nearestWord = (typed: string, words: readonly string[]): string | null => {
  if (typed.length > 100) return null
  const scored = words.map((word) => ({ word, distance: editDistance(plain(typed), plain(word)) }))
  const best = scored.reduce((near, each) => (each.distance < near.distance ? each : near), {
    word: '',
    distance: Infinity,
  })
  return best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : null
}
