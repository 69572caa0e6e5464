import type { FlowStep } from '#core/flows/flow-view.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import type { Locale } from '#core/shared/locales.ts'
import { FLOW_STATES } from './fixtures/flow-states.ts'
import { OTHER_STATES, type OtherKind } from './fixtures/other-states.ts'
import { type FixtureAssets, frameOf, viewOf } from './fixtures/sample-view.ts'

/** The fixture at `/preview/{kind}/{state}`; null where there is none. */
export const fixtureOf = (kind: string, state: string, locale: Locale, assets: FixtureAssets): PageModel | null => {
  const frame = frameOf(locale, assets)
  const change = kind in FLOW_STATES ? FLOW_STATES[kind as FlowStep][state] : undefined
  if (change) {
    const view = viewOf(kind as FlowStep, frame)
    return { kind: 'flow', view: { ...view, ...change(view) } }
  }
  return kind in OTHER_STATES ? (OTHER_STATES[kind as OtherKind][state]?.(frame) ?? null) : null
}

/** All addresses of the preview, without language. */
export const FIXTURE_PATHS: readonly string[] = Object.entries({ ...FLOW_STATES, ...OTHER_STATES }).flatMap(
  ([kind, states]) => Object.keys(states).map((state) => `/preview/${kind}/${state}`),
)
