import type { DirectoryConnection, Search } from './connection.ts'
import { type DirectoryEntry, directoryEntry } from './directory-entry.ts'
import { DirectoryFault } from './directory-fault.ts'

/** All that a search finds, page by page (RFC 2696), up to a number that no honest answer passes. Throws `DirectoryFault`. */
export const searchAll = async (
  connection: DirectoryConnection,
  search: Search,
  { pageSize, most, signal }: { pageSize: number; most: number; signal: AbortSignal },
): Promise<DirectoryEntry[]> => {
  const found: DirectoryEntry[] = []
  for await (const page of connection.pages(search, pageSize, signal)) {
    found.push(...page.map(directoryEntry))
    if (found.length > most) throw new DirectoryFault('values-too-large')
  }
  return found
}
