/**
 * Providers whose mark is drawn, and the picture it is made of: one file of Bootstrap Icons (MIT), in one colour. Other
 * keys get the first letter of what people call the provider.
 */
export const PROVIDER_MARKS: Readonly<Record<string, string>> = {
  amazon: 'amazon',
  apple: 'apple',
  discord: 'discord',
  facebook: 'facebook',
  github: 'github',
  gitlab: 'gitlab',
  google: 'google',
  linkedin: 'linkedin',
  microsoft: 'microsoft',
  x: 'twitter-x',
}
