import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether `next build` has been run. */
export const isBuilt = (): boolean => {
  try {
    return readFileSync(join(import.meta.dirname, '../.next/BUILD_ID'), 'utf8') !== ''
  } catch {
    return false
  }
}
