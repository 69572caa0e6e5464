/** Holds docs/risk.md to the engine: signals, points, thresholds, limits. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { RiskSettings, SIGNAL_NAMES } from '#core/risk/index.ts'
import { MOST_KEPT } from '#core/risk/profile.ts'
import { settingsOf } from '#core/shared/settings/index.ts'

const page = readFileSync(new URL('../docs/risk.md', import.meta.url), 'utf8')
const words = (language: string) =>
  JSON.parse(readFileSync(new URL(`../locales/${language}.json`, import.meta.url), 'utf8')) as {
    risk: { reason: Record<string, string> }
  }
const defaults = RiskSettings.parse({})

describe('the page about risk', () => {
  it('lists every signal with its points, and no other', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| [^|]+ \| ([\d.]+) \|$/gm)].map(([, name, points]) => [
      name,
      Number(points),
    ])
    assert.deepEqual(
      rows,
      SIGNAL_NAMES.map((name) => [name, defaults.weights[name]]),
    )
  })

  it('names the thresholds in force', () => {
    const { low, medium, high } = defaults.thresholds
    assert.ok(page.includes(`Score from ${low} is \`low\`, from ${medium} \`medium\`, from ${high} \`high\`.`))
  })

  it('names every setting', () => {
    for (const { path } of settingsOf(RiskSettings)) {
      const [name = ''] = path.split('.')
      assert.ok(page.includes(`\`${name}`), path)
    }
  })

  it('tells how much of a person is kept', () => {
    const { near, wide, countries, agents, languages } = MOST_KEPT
    const kept = page.replaceAll(/\s+/g, ' ')
    assert.ok(
      kept.includes(
        `networks (${near}), wider ranges (${wide}), countries (${countries}), browsers (${agents}), languages (${languages})`,
      ),
    )
  })
})

describe('the reasons of signals', () => {
  it('have words, one sentence each', () => {
    for (const sentence of Object.values(words('en').risk.reason)) assert.match(sentence, /^[^.]+\.$/)
  })
})
