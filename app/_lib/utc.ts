/** `2031-05-04 14:32 UTC` of ISO 8601; script says it in the reader's own time beside it. */
export const utc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
