// NIST SP 800-63B-4 §3.1.1.2: a new password is compared with what guessers try: known passwords, words of the context,
// repetition, sequences. Composition rules are no substitute: `Password1!` passes them all.

/** Shorter pieces say nothing. */
const MIN_WORD = 4
/** What must be left of a password once the words of its context are taken out. */
const MIN_REST = 8

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

const fold = (value: string): string => value.normalize('NFKC').toLowerCase()
const unleet = (value: string): string => value.replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign)

/** `abcabcabc`: one piece of at most a third of the whole, over and over, perhaps cut off at the end. */
const isRepetition = (value: string): boolean => {
  for (let size = 1; size <= value.length / 3; size++) {
    const piece = value.slice(0, size)
    if (piece.repeat(Math.ceil(value.length / size)).startsWith(value)) return true
  }
  return false
}

const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
]
const BOTH_WAYS = [...RUNS, ...RUNS.map((run) => [...run].reverse().join(''))]

/** How much of the front is one run of the alphabet, the digits or a row of keys. */
const runLength = (value: string): number => {
  let length = Math.min(2, value.length)
  while (length < value.length && BOTH_WAYS.some((run) => run.includes(value.slice(0, length + 1)))) length++
  return length
}

/** `abcdefgh12345678`, `qwertyuiopasdfgh`: nothing but runs of at least four. */
const isRuns = (value: string): boolean => {
  let rest = value
  while (rest !== '') {
    const length = runLength(rest)
    if (length < MIN_WORD) return false
    rest = rest.slice(length)
  }
  return true
}

const isTrivial = (value: string, common: ReadonlySet<string>): boolean =>
  value.length < MIN_WORD || common.has(value) || isRepetition(value) || isRuns(value)

/** A known password in its plain form, in leet, doubled, or dressed with digits and signs around it. */
const isKnown = (value: string, common: ReadonlySet<string>): boolean => {
  if (common.has(value) || common.has(unleet(value))) return true
  const half = value.slice(0, value.length / 2)
  if (half + half === value && common.has(half)) return true
  const dressed = /^([^\p{L}]*)(.*?)([^\p{L}]*)$/su.exec(value)
  const [front = '', core = '', back = ''] = dressed?.slice(1) ?? []
  if (core.length < MIN_WORD || !(common.has(core) || common.has(unleet(core)))) return false
  return core.length * 2 >= value.length || (isTrivial(front, common) && isTrivial(back, common))
}

/** Whether little is left when the person's and the app's own names are taken out. */
const isContext = (value: string, words: readonly string[], common: ReadonlySet<string>): boolean => {
  const present = words.map(fold).filter((word) => word.length >= MIN_WORD && value.includes(word))
  const rest = present.sort((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ''), value)
  return present.length > 0 && (rest.length < MIN_REST || isTrivial(rest, common))
}

/**
 * Why a guesser would find it soon; null when nothing says so.
 *
 * @param context names the guesser knows: the user name, the address and its local part, the app's and the pool's name
 */
export const easyToGuess = (
  password: string,
  common: ReadonlySet<string>,
  context: readonly string[],
): 'known' | 'repetition' | 'sequence' | 'context' | null => {
  const value = fold(password)
  if (isKnown(value, common)) return 'known'
  if (isRepetition(value)) return 'repetition'
  if (isRuns(value)) return 'sequence'
  return isContext(value, context, common) ? 'context' : null
}
