import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { memoryPools } from '#tests/support/memory/pools.ts'
import { memoryThemes } from '#tests/support/memory/themes.ts'
import { files } from './files.ts'
import { loadShippedThemes, themeLibrary } from './theme-library.ts'

const DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="a" viewBox="0 0 1 1"/></svg>'

const served = async (name: string, headers: Record<string, string> = {}): Promise<Response> => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-files-'))
  writeFileSync(join(folder, 'marks.0123456789abcdef.svg'), DRAWING)
  const themes = memoryThemes(memoryPools())
  const { asset } = files(folder, themes, themeLibrary(loadShippedThemes(), themes), {
    figure: () => '',
    mark: () => '',
  })
  const server = createServer((req, res) => asset(name, req, res)).listen(0, '127.0.0.1')
  const { port } = await new Promise<AddressInfo>((done) =>
    server.once('listening', () => done(server.address() as AddressInfo)),
  )
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers })
  const body = await answer.text()
  await new Promise((done) => server.close(done))
  return new Response(body, answer)
}

describe('a drawing that pages refer into', () => {
  it('is kept for ever, is what it says, and by itself runs and loads nothing', async () => {
    const answer = await served('marks.0123456789abcdef.svg', { 'accept-encoding': 'identity' })
    assert.equal(await answer.text(), DRAWING)
    for (const [name, value] of Object.entries({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      // Without a sandbox, which would make it another origin than the page's.
      'content-security-policy': "default-src 'none'",
      vary: 'Accept-Encoding',
    }))
      assert.equal(answer.headers.get(name), value, name)
  })

  it('is not there under another name', async () => {
    assert.equal((await served('marks.svg')).status, 404)
  })
})
