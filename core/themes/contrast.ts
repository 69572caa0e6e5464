import { type Oklch, toHex } from './oklch.ts'

/** WCAG 2.2 relative luminance of the colour as a screen gets it: eight bits a channel. */
export const luminance = (colour: Oklch | string): number => {
  const hex = typeof colour === 'string' ? colour : toHex(colour)
  const channel = (at: number): number => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/** WCAG 2.2 contrast ratio, 1–21. Text is `#rrggbb`. */
export const contrast = (a: Oklch | string, b: Oklch | string): number => {
  const [one, two] = [luminance(a), luminance(b)]
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05)
}
