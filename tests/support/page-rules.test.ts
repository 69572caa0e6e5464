import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultsOf } from './page-rules.ts'

const TITLE = '<title>Error: Sign in</title>'
const SUMMARY =
  '<div class="portico-summary" autofocus><p>There is a problem</p><a href="#name">Enter your name.</a></div>'
const HEADING = '<h1>Sign in</h1>'
const FORM = '<form method="post" novalidate>'
const FIELD = '<input id="name" name="name" aria-describedby="name-hint name-error" aria-invalid="true">'
const HOST = '<p class="portico-host"><bdi>auth.shop.<wbr>example</bdi></p>'

const SOUND = `<!doctype html><html lang="en"><head>${TITLE}<link rel="stylesheet" href="/a.css"></head><body>${HOST}
<main>${SUMMARY}${HEADING}${FORM}<input type="hidden" name="_step"><label for="name">Name</label>${FIELD}
<p id="name-hint">As on a letter.</p><p id="name-error">Enter your name.</p>
<label>Language <select name="lang"><option>en</option></select></label>
<input name="username" aria-hidden="true"></form></main><script src="/a.js"></script></body></html>`

describe('the rules of every page', () => {
  it('are kept by a page that keeps them', () => {
    assert.deepEqual(faultsOf(SOUND, 'en'), [])
  })

  for (const [fault, from, to] of [
    ['is in en', 'lang="en"', 'lang="de"'],
    ['one h1', HEADING, ''],
    ['one h1', HEADING, HEADING + HEADING],
    ['ids are unique', 'id="name-hint"', 'id="name"'],
    ['no style attribute', '<h1>', '<h1 style="color: red">'],
    ['the end of the host name', 'example</bdi>', 'ex…</bdi>'],
    ['the title says whether there is an error', 'Error: ', ''],
    ['the title says whether there is an error', SUMMARY, ''],
    ['the summary takes the focus', ' autofocus', ''],
    ['the summary stands above the heading', SUMMARY + HEADING, HEADING + SUMMARY],
    ['the summary links to a field', '#name', '#nowhere'],
    ['the summary links to a field', 'href="#name"', 'href="/name"'],
    ['forms post, and leave judging to the server', ' novalidate', ''],
    ['forms post, and leave judging to the server', ' method="post"', ''],
    ['a label for name', 'for="name"', 'for="other"'],
    ['a label for lang', '<label>Language', '<p>Language'],
    ['a label for username', ' aria-hidden="true"', ''],
    ['no placeholder', 'name="name"', 'name="name" placeholder="Ines"'],
    ['descriptions of name exist', 'id="name-hint"', ''],
    ['aria-invalid is true or absent', 'aria-invalid="true"', 'aria-invalid="false"'],
    ['the same words in the summary and by the field', '">Enter your name.</p>', '">Give a name.</p>'],
    ['https://other.example/a.js is ours', '/a.js', 'https://other.example/a.js'],
    ['//other.example/a.css is ours', '/a.css', '//other.example/a.css'],
  ] as const) {
    it(`are broken: ${fault} (${to === '' ? `without ${from}` : to})`, () => {
      assert.ok(SOUND.includes(from))
      assert.ok(faultsOf(SOUND.replace(from, to), 'en').includes(fault))
    })
  }
})
