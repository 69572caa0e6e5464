import { type IncomingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { CookieJar } from 'tough-cookie'
import { type HtmlForm, type HtmlPage, readHtml, type SubmitButton } from './html-page.ts'

const MOST_HOPS = 20
const DEADLINE_MS = 15_000

/** What to type or choose, by control name: text, a tick, or several values. */
export type Filling = Readonly<Record<string, string | boolean | readonly string[]>>

export interface ShownPage extends HtmlPage {
  url: URL
  status: number
  headers: IncomingHttpHeaders
  body: string
  /** Every address asked on the way to this page, redirects included, this one last. */
  trail: readonly URL[]
}

/** Where the browser was sent outside the origins it was opened at: an app's callback, usually. */
export interface Departure {
  url: URL
  method: 'GET' | 'POST'
  /** Body of a form post (response_mode=form_post). */
  fields: URLSearchParams
}

export interface OpenOptions {
  headers?: Readonly<Record<string, string>>
}

export interface SubmitOptions extends OpenOptions {
  /** Label, or name, of the button to press; needed where a page has more than one form that fits. */
  button?: string
  /** Sent as well, whether the form has such a control or not: how tests tamper. */
  tamper?: Readonly<Record<string, string>>
}

export interface FormBrowser {
  /** Opens an address as if typed, and follows redirects and immediate refreshes. Its origin becomes one to stay at. */
  open(url: string | URL, options?: OpenOptions): Promise<ShownPage>
  /** Fills the page's form, hidden fields as they came, and presses its button. Throws when a control is not there. */
  submit(filling?: Filling, options?: SubmitOptions): Promise<ShownPage>
  /** Follows the link with this label. */
  follow(label: string | RegExp): Promise<ShownPage>
  /** Sends any request with this browser's cookies and shows what came back: for hostile posts. */
  send(
    method: 'GET' | 'POST',
    url: string | URL,
    fields?: Readonly<Record<string, string>>,
    options?: OpenOptions,
  ): Promise<ShownPage>
  /** The page in front; throws before the first one. */
  readonly page: ShownPage
  /** Set once the browser was sent elsewhere; the page in front is then the last one at home. */
  readonly departure: Departure | null
  /** Address of the app's callback the browser was sent to; throws with the page's words when it was not. */
  callback(): URL
  /** Cookies that would be sent to an address: `name=value`, sorted by nothing but the jar. */
  cookiesFor(
    url: string | URL,
  ): Promise<readonly { name: string; value: string; path: string | null; secure: boolean; httpOnly: boolean }[]>
  cookies: CookieJar
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

const exchange = (
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? requestHttps : requestHttp
    const asked = open(url, { method, headers, signal: AbortSignal.timeout(DEADLINE_MS) }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(parts).toString('utf8'),
        }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })

// Ports do not part sites (RFC 6265bis §5.2); hosts here are single labels, addresses or `*.localhost`.
const siteOf = (url: URL): string => (url.hostname.endsWith('.localhost') ? 'localhost' : url.hostname)
const relation = (from: URL | null, to: URL): 'none' | 'same-origin' | 'same-site' | 'cross-site' => {
  if (from === null) return 'none'
  if (from.origin === to.origin) return 'same-origin'
  return siteOf(from) === siteOf(to) ? 'same-site' : 'cross-site'
}

const describePage = (page: ShownPage): string =>
  `${page.status} ${page.url.pathname} “${page.title}”: ${page.text.slice(0, 400)}`

const chooseForm = (
  page: ShownPage,
  filling: Filling,
  button: string | undefined,
): { form: HtmlForm; pressed: SubmitButton | null } => {
  const wanted = Object.keys(filling)
  const pressable = (form: HtmlForm) =>
    button === undefined ? form.buttons[0] : form.buttons.find(({ label, name }) => label === button || name === button)
  let fitting = page.forms.filter(
    (form) =>
      wanted.every((name) => form.controls.some((control) => control.name === name)) &&
      (button === undefined || pressable(form) !== undefined),
  )
  if (fitting.length > 1) fitting = fitting.filter(({ method }) => method === 'post')
  const [form] = fitting
  if (form === undefined || fitting.length > 1) {
    const forms = page.forms.map(
      ({ controls, buttons }) =>
        `[${controls.map(({ name }) => name)}] → ${buttons.map(({ label }) => label).join(' | ')}`,
    )
    throw new Error(
      `${fitting.length} forms take ${wanted.join(', ') || 'nothing'}${button === undefined ? '' : ` by “${button}”`} on ${describePage(page)}\nforms: ${forms.join('; ')}`,
    )
  }
  return { form, pressed: pressable(form) ?? null }
}

const fill = (form: HtmlForm, pressed: SubmitButton | null, filling: Filling): URLSearchParams => {
  const fields = new URLSearchParams()
  const typed = new Set<string>()
  for (const { name, type, value, chosen } of form.controls) {
    const given = filling[name]
    const isChoice = type === 'checkbox' || type === 'radio' || type === 'option'
    if (given === undefined) {
      if (chosen) fields.append(name, value)
    } else if (isChoice) {
      const takes = typeof given === 'boolean' ? given : [given].flat().includes(value)
      if (takes) fields.append(name, value)
    } else if (!typed.has(name)) {
      for (const each of [given].flat()) fields.append(name, String(each))
      typed.add(name)
    }
  }
  if (pressed?.name) fields.append(pressed.name, pressed.value)
  return fields
}

/** In front before anything was: where a first address led straight out of the house. */
const BLANK: ShownPage = { ...readHtml(''), url: new URL('about:blank'), status: 0, headers: {}, body: '', trail: [] }

/**
 * A browser with scripts switched off: keeps cookies by path, security and site, follows redirects and immediate
 * refreshes, sends what a navigation sends, and stops at the door of any origin it was not opened at, so that a
 * callback can be handed to a relying party without anybody listening there.
 */
export const browser = ({ language = 'en' }: { language?: string } = {}): FormBrowser => {
  const cookies = new CookieJar(undefined, { prefixSecurity: 'strict' })
  const home = new Set<string>()
  let shown: ShownPage | null = null
  let departure: Departure | null = null

  const current = (): ShownPage => {
    if (shown === null) throw new Error('No page was opened yet')
    return shown
  }

  const navigate = async (
    start: URL,
    {
      from,
      fields: startFields,
      headers: more = {},
    }: { from: URL | null; fields?: URLSearchParams | undefined } & OpenOptions,
  ): Promise<ShownPage> => {
    let url = start
    let fields = startFields
    let origin = from
    const trail: URL[] = []
    departure = null
    // `no-referrer` makes browsers hide the origin of a post as well (Fetch §3.2).
    const hidesOrigin = from !== null && current().headers['referrer-policy'] === 'no-referrer'
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      if (!home.has(url.origin)) {
        departure = { url, method: fields ? 'POST' : 'GET', fields: fields ?? new URLSearchParams() }
        return shown ?? BLANK
      }
      trail.push(url)
      const site = relation(origin, url)
      const sameSiteContext = site !== 'cross-site' ? 'strict' : fields ? 'none' : 'lax'
      const cookie = await cookies.getCookieString(url.href, { sameSiteContext })
      const headers: Record<string, string> = {
        accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
        'accept-language': language,
        'user-agent': 'Mozilla/5.0 (form browser)',
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-site': site,
        ...(cookie === '' ? {} : { cookie }),
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...(fields && origin ? { origin: hidesOrigin ? 'null' : origin.origin } : {}),
        ...(hop === 0 ? more : {}),
      }
      const answer = await exchange(url, fields ? 'POST' : 'GET', headers, fields?.toString())
      for (const line of answer.headers['set-cookie'] ?? []) {
        await cookies.setCookie(line, url.href, { sameSiteContext, ignoreError: true })
      }
      const page: ShownPage = { ...readHtml(answer.body), ...answer, url, trail: [...trail] }
      const { location } = answer.headers
      const isRedirect = location !== undefined && [301, 302, 303, 307, 308].includes(answer.status)
      if (!isRedirect && page.refresh === null) {
        shown = page
        return page
      }
      if (!isRedirect) {
        shown = page
        origin = url
      }
      if (!isRedirect || answer.status < 304) fields = undefined
      url = new URL((isRedirect ? location : page.refresh) ?? '', url)
    }
    throw new Error(`More than ${MOST_HOPS} redirects: ${trail.slice(-4).join(' → ')}`)
  }

  const open = (address: string | URL, options: OpenOptions = {}) => {
    const url = new URL(address)
    home.add(url.origin)
    return navigate(url, { from: null, ...options })
  }

  return {
    cookies,
    open,
    get page() {
      return current()
    },
    get departure() {
      return departure
    },
    async submit(filling = {}, { button, tamper = {}, headers } = {}) {
      const page = current()
      const { form, pressed } = chooseForm(page, filling, button)
      const fields = fill(form, pressed, filling)
      for (const [name, value] of Object.entries(tamper)) fields.set(name, value)
      const target = new URL(pressed?.action ?? form.action ?? page.url, page.url)
      const more = headers ? { headers } : {}
      if ((pressed?.method ?? form.method) === 'post') return navigate(target, { from: page.url, fields, ...more })
      target.search = fields.toString()
      return navigate(target, { from: page.url, ...more })
    },
    async follow(label) {
      const page = current()
      const link = page.links.find((each) =>
        typeof label === 'string' ? each.label === label : label.test(each.label),
      )
      if (link === undefined) {
        throw new Error(
          `No link “${label}” on ${describePage(page)}\nlinks: ${page.links.map((each) => each.label).join(' | ')}`,
        )
      }
      return navigate(new URL(link.href, page.url), { from: page.url })
    },
    send(method, address, fields, options = {}) {
      const url = new URL(address, shown?.url)
      home.add(url.origin)
      return navigate(url, {
        from: null,
        fields: method === 'POST' ? new URLSearchParams(fields) : undefined,
        ...options,
      })
    },
    callback() {
      if (departure === null) throw new Error(`Still on ${describePage(current())}`)
      return departure.method === 'GET'
        ? departure.url
        : new URL(`${departure.url.href.split('?')[0]}?${departure.fields}`)
    },
    async cookiesFor(address) {
      const found = await cookies.getCookies(new URL(address).href)
      return found.map(({ key, value, path, secure, httpOnly }) => ({ name: key, value, path, secure, httpOnly }))
    },
  }
}
