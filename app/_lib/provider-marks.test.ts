import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { KNOWN_PROVIDERS } from '#core/federation/known-providers/index.ts'
import { PROVIDER_MARKS } from './provider-marks.ts'

const ROOT = new URL('../../', import.meta.url)

/** The file that the pages load, as it was built last. */
const sprite = () => {
  const manifest = JSON.parse(readFileSync(new URL('public/assets/manifest.json', ROOT), 'utf8'))
  return readFileSync(new URL(`public${manifest['providers.svg']}`, ROOT), 'utf8')
}

describe('marks of identity providers', () => {
  it('are there for every provider that everybody knows', () => {
    const drawn = [...sprite().matchAll(/<symbol id="([a-z]+)"/g)].map(([, key]) => key)
    assert.deepEqual(drawn.sort(), Object.keys(PROVIDER_MARKS).sort())
    for (const { key } of KNOWN_PROVIDERS) assert.ok(Object.hasOwn(PROVIDER_MARKS, key), key)
  })

  it('are lines and nothing else: no script, no style, no address, no colour of their own', () => {
    const text = sprite()
      .replace(/<!--.*?-->/s, '')
      .replace('xmlns="http://www.w3.org/2000/svg"', '')
    assert.doesNotMatch(text, /<(?!\/?(?:svg|symbol|path)\b)/)
    assert.doesNotMatch(text, /https?:|href|\son|style|#[0-9a-f]{3}/i)
  })

  it('come with the licence of who drew them', () => {
    assert.match(sprite(), /^<!--\s*Bootstrap Icons\s+The MIT License.*Permission is hereby granted.*-->/s)
  })
})
