import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { browser } from './form-browser.ts'
import { readHtml } from './html-page.ts'

const open: (() => void)[] = []
after(() => {
  for (const close of open) close()
})

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  open.push(() => server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}`
}
const bodyOf = async (req: IncomingMessage): Promise<string> => (await req.toArray()).join('')

describe('a browser without scripts', () => {
  it('sends hidden fields, typed values and the pressed button, and nothing that is disabled or unticked', async () => {
    const seen: string[] = []
    const at = await serve(async (req, res) => {
      if (req.method === 'POST') seen.push(await bodyOf(req))
      res
        .setHeader('content-type', 'text/html')
        .end(`<form method=post action=/go><input type=hidden name=_step value="a&amp;b">
        <input name=username><input type=password name=password><input name=off disabled value=x>
        <input type=checkbox name=keep><select name=lang><option>en<option selected>de</select>
        <button name=act value=yes>Sign in</button><button name=act value=no>Cancel</button></form>`)
    })
    const b = browser()
    await b.open(at)
    await b.submit({ username: 'ann', password: 'pä ss' })
    await b.submit({ username: 'ann', keep: true, lang: 'en' }, { button: 'Cancel' })
    assert.deepEqual(seen, [
      '_step=a%26b&username=ann&password=p%C3%A4+ss&lang=de&act=yes',
      '_step=a%26b&username=ann&password=&keep=on&lang=en&act=no',
    ])
    await assert.rejects(b.submit({ otp: '1' }), /0 forms take otp/)
  })

  it('follows redirects and an immediate refresh, and stops at the door of another origin', async () => {
    const at = await serve((req, res) => {
      if (req.url === '/start') return res.writeHead(303, { location: '/leave' }).end()
      res.setHeader('content-type', 'text/html')
      res.end('<title>Leaving</title><meta http-equiv="refresh" content="0;url=http://app.test/cb?code=1&amp;state=2">')
    })
    const b = browser()
    await b.open(`${at}/start`)
    assert.equal(b.callback().href, 'http://app.test/cb?code=1&state=2')
    assert.equal(b.page.title, 'Leaving')
  })

  it('returns cookies by path and keeps those of another site out of a foreign post', async () => {
    const seen: Record<string, string | undefined> = {}
    const at = await serve((req, res) => {
      seen[`${req.method} ${req.url}`] = req.headers.cookie
      if (req.url === '/a/')
        res.setHeader('set-cookie', ['flow=1; Path=/a; HttpOnly; SameSite=Lax', 'bad=1; Domain=other.test'])
      res.setHeader('content-type', 'text/html').end(`<form method=post action="${at}/a/x"><button>Go</button></form>`)
    })
    const b = browser()
    await b.open(`${at}/a/`)
    await b.open(`${at}/b`)
    await b.open(at.replace('localhost', '127.0.0.1'))
    await b.submit()
    await b.open(`${at}/a/y`)
    assert.deepEqual(seen, {
      'GET /a/': undefined,
      'GET /b': undefined,
      'GET /': undefined,
      'POST /a/x': undefined,
      'GET /a/y': 'flow=1',
    })
  })
})

describe('reading a page', () => {
  it('sees what a person without scripts sees', () => {
    const page = readHtml(
      '<!doctype html><html lang=ar dir=rtl><title> A  b </title><script>x</script><p>Sign in to <b>Shop</b>.</p><noscript>plain</noscript>',
    )
    assert.equal(page.title, 'A b')
    assert.equal(page.text, 'Sign in to Shop. plain')
    assert.deepEqual([page.lang, page.dir, page.scripts], ['ar', 'rtl', ['']])
  })
})
