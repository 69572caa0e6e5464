import { SIMPLESAMLPHP } from './simplesamlphp.ts'

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', lt: '<', gt: '>', '#039': "'", apos: "'" }
const unescaped = (text: string): string =>
  text.replace(/&(amp|quot|lt|gt|#039|apos);/g, (_, name) => ENTITIES[name] ?? '')

const attribute = (tag: string, name: string): string | null => {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1]
  return value === undefined ? null : unescaped(value)
}

/** Where a browser has arrived: a page with a form, or an address that is not the provider's. */
export interface Arrival {
  url: string
  fields: Readonly<Record<string, string>>
  action: string | null
  text: string
}

const MOST_HOPS = 10

/** Follows redirects and keeps cookies at the provider, which is reached at `origin`; stops where it would leave it. */
export const idpBrowser = (origin: string) => {
  const cookies = new Map<string, string>()

  const visit = async (
    url: string,
    form: Readonly<Record<string, string>> | null = null,
    hops = 0,
  ): Promise<Arrival> => {
    if (!url.startsWith(`${SIMPLESAMLPHP}/`) || hops > MOST_HOPS) return { url, fields: {}, action: null, text: '' }
    const response = await fetch(url.replace(SIMPLESAMLPHP, origin), {
      method: form === null ? 'GET' : 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === null ? {} : { body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const text = await response.text()
    const location = response.headers.get('location')
    if (location !== null) return visit(new URL(location, url).href, null, hops + 1)
    const tag = /<form[^>]*>/i.exec(text)?.[0] ?? ''
    const inputs = [...text.matchAll(/<input[^>]*>/gi)].map(([input]) => [
      attribute(input, 'name'),
      attribute(input, 'value'),
    ])
    return {
      url,
      fields: Object.fromEntries(inputs.flatMap(([name, value]) => (name ? [[name, value ?? '']] : []))),
      action: tag === '' ? null : new URL(attribute(tag, 'action') ?? '', url).href,
      text,
    }
  }
  return { visit }
}
