import type { PageModel } from '#core/flows/page-model.ts'
import type { Journeys } from '#server/journeys.ts'

/** What the server publishes for the pages: functions over plain data, since modules exist twice. */
export interface PublishedHouse {
  journeys: Journeys
  isSecure: boolean
  /** A broken request, logged under its id; the status to answer with. */
  trouble(error: unknown, requestId: string): 500 | 503
  fallback(
    status: 500 | 503,
    requestId: string,
    asked: Readonly<Record<string, string>>,
  ): { body: string; headers: Record<string, string> }
}

export const house = (): PublishedHouse => {
  const found = (globalThis as Record<symbol, unknown>)[Symbol.for('portico.house')]
  if (found === undefined) throw new Error('start the server with npm start or npm run dev')
  return found as PublishedHouse
}

/** Leaves the renderer where the server finds it. */
export const publishRenderer = (render: (model: PageModel) => Promise<string>): void => {
  ;(globalThis as Record<symbol, unknown>)[Symbol.for('portico.renderer')] = render
}
