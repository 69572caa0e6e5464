import { browser } from '#tests/support/form-browser.ts'
import { codeFor, signInWith } from '#tests/support/relying-party.ts'
import { must, startTestHouse } from '#tests/support/test-house.ts'

const h = await startTestHouse(null, {
  settings: { session: { maxMinutes: 60, keepSignedIn: false } } as never,
  resourceServers: { orders: ['read', 'write'] },
  clients: {
    shop: {},
    other: {},
    third: { firstParty: false },
    third2: { firstParty: false, scopes: ['openid', 'email', 'profile', 'orders/read', 'orders/write'] } as never,
    robot: { flows: ['client_credentials'], scopes: ['orders/read'], callbackUrls: [] } as never,
    pub: { type: 'public' } as never,
    strict: { refreshRotation: { enabled: true, graceSeconds: 0 } } as never,
    soft: { refreshRotation: { enabled: true, graceSeconds: 10 } } as never,
  },
})
const say = (n: string, ...v: unknown[]) =>
  console.log(n, '=>', ...v.map((x) => (typeof x === 'string' ? x.slice(0, 300) : JSON.stringify(x)?.slice(0, 400))))
const probe = async (n: string, f: () => Promise<unknown>) => {
  try {
    say(n, await f())
  } catch (e) {
    say(
      n,
      'THROWN ' +
        String((e as Error).message) +
        ' ' +
        JSON.stringify((e as { error?: unknown }).error ?? '') +
        String((e as { error_description?: unknown }).error_description ?? ''),
    )
  }
}
const raw = async (path: string, form: Record<string, string> | null, headers: Record<string, string> = {}) => {
  const r = await fetch(h.issuer + path, {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: form ? { 'content-type': 'application/x-www-form-urlencoded', ...headers } : headers,
    ...(form ? { body: new URLSearchParams(form) } : {}),
  })
  return {
    s: r.status,
    l: r.headers.get('location')?.slice(0, 200),
    b: (await r.text()).slice(0, 200),
    acao: r.headers.get('access-control-allow-origin'),
  }
}
const basic = (c: { clientId: string; clientSecret?: string }) => ({
  authorization: 'Basic ' + Buffer.from(`${c.clientId}:${c.clientSecret}`).toString('base64'),
})
const C = h.clients
const shop = await C.shop.party(),
  other = await C.other.party(),
  third = await C.third.party(),
  pub = await C.pub.party(),
  strict = await C.strict.party(),
  soft = await C.soft.party()
const ann = await h.createUser()
const bob = await h.createUser()
const cookies = async (b: ReturnType<typeof browser>) =>
  (await b.cookiesFor(h.issuer)).map((c) => c.name + '=' + c.value.slice(0, 8)).join(';')

await probe('code by other client', async () => {
  const { code, verifier } = await codeFor(shop, ann)
  const a = await raw(
    '/oauth2/token',
    { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: shop.redirectUri },
    basic(C.other),
  )
  const b = await raw(
    '/oauth2/token',
    { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: shop.redirectUri },
    basic(C.shop),
  )
  return [a.s, a.b, b.s]
})
await probe('code x50', async () => {
  const { code, verifier } = await codeFor(shop, ann)
  const rs = await Promise.all(
    Array.from({ length: 50 }, () =>
      raw(
        '/oauth2/token',
        { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: shop.redirectUri },
        basic(C.shop),
      ),
    ),
  )
  const counts: Record<number, number> = {}
  for (const r of rs) counts[r.s] = (counts[r.s] ?? 0) + 1
  return counts
})
await probe('code x50 then winner token works?', async () => {
  const { code, verifier } = await codeFor(shop, ann)
  const rs = await Promise.all(
    Array.from({ length: 50 }, () =>
      fetch(h.issuer + '/oauth2/token', {
        method: 'POST',
        headers: { ...basic(C.shop), 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          code_verifier: verifier,
          redirect_uri: shop.redirectUri,
        }),
      }).then(async (r) => ({ s: r.status, j: (await r.json()) as Record<string, string> })),
    ),
  )
  const w = rs.find((r) => r.s === 200)
  return w
    ? [
        (await raw('/oauth2/userInfo', null, { authorization: 'Bearer ' + w.j.access_token })).s,
        (
          await raw(
            '/oauth2/token',
            { grant_type: 'refresh_token', refresh_token: w.j.refresh_token ?? '' },
            basic(C.shop),
          )
        ).s,
      ]
    : 'no winner'
})
await probe('refresh x50 strict', async () => {
  const { tokens } = await signInWith(strict, ann)
  const rs = await Promise.all(
    Array.from({ length: 50 }, () =>
      raw('/oauth2/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }, basic(C.strict)),
    ),
  )
  const counts: Record<number, number> = {}
  for (const r of rs) counts[r.s] = (counts[r.s] ?? 0) + 1
  return counts
})
await probe('refresh x50 grace: distinct successors', async () => {
  const { tokens } = await signInWith(soft, ann)
  const rs = await Promise.all(
    Array.from({ length: 50 }, () =>
      soft.refresh(tokens.refresh_token ?? '').then(
        (t) => t.refresh_token ?? 'none',
        () => 'refused',
      ),
    ),
  )
  return [...new Set(rs)].map((x) => x.slice(0, 8))
})
await probe('refresh by other client', async () => {
  const { tokens } = await signInWith(soft, ann)
  const x = await raw(
    '/oauth2/token',
    { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' },
    basic(C.other),
  )
  const y = await raw(
    '/oauth2/token',
    { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' },
    basic(C.soft),
  )
  return [x.s, x.b, y.s]
})
await probe('refresh scope up', async () => {
  const { tokens } = await signInWith(soft, ann, { asked: { scope: 'openid' } })
  return raw(
    '/oauth2/token',
    { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '', scope: 'openid email profile' },
    basic(C.soft),
  )
})
await probe('successor guess by presenter of jwt jti', async () => {
  const { tokens } = await signInWith(shop, ann)
  const jti = (
    JSON.parse(Buffer.from(tokens.access_token.split('.')[1] ?? '', 'base64url').toString()) as { jti: string }
  ).jti
  return [
    (await raw('/oauth2/userInfo', null, { authorization: 'Bearer ' + jti })).s,
    (await raw('/oauth2/userInfo', null, { authorization: 'Bearer ~.' + tokens.access_token })).s,
    (await raw('/oauth2/userInfo', null, { authorization: 'Bearer ' + tokens.id_token })).s,
    (await raw('/oauth2/userInfo', null, { authorization: 'Bearer ' + tokens.access_token.slice(0, -1) })).s,
  ]
})
await probe('disabled client: person token', async () => {
  const c = await h.createClient()
  const p = await c.party()
  const { tokens } = await signInWith(p, ann)
  must(await h.admin.clients.change({ poolId: h.poolId, clientId: c.clientId, enabled: false } as never))
  return [
    (await raw('/oauth2/userInfo', null, { authorization: 'Bearer ' + tokens.access_token })).s,
    await raw('/oauth2/introspect', { token: tokens.access_token }, basic(C.shop)),
    await raw('/oauth2/introspect', { token: tokens.refresh_token ?? '' }, basic(C.shop)),
  ]
})
await probe('disabled client: machine token', async () => {
  const c = await h.createClient({ flows: ['client_credentials'], scopes: ['orders/read'], callbackUrls: [] } as never)
  const p = await c.party()
  const t = await p.machineToken()
  const before = await raw('/oauth2/introspect', { token: t.access_token }, basic(C.shop))
  must(await h.admin.clients.change({ poolId: h.poolId, clientId: c.clientId, enabled: false } as never))
  const mid = await raw('/oauth2/introspect', { token: t.access_token }, basic(C.shop))
  await h.admin.clients.delete({ poolId: h.poolId, clientId: c.clientId } as never)
  return [
    before.b.slice(0, 15),
    mid.b.slice(0, 20),
    (await raw('/oauth2/introspect', { token: t.access_token }, basic(C.shop))).b.slice(0, 20),
  ]
})
await probe('revoked machine token', async () => {
  const p = await C.robot.party()
  const t = await p.machineToken()
  const r = await raw('/oauth2/revoke', { token: t.access_token }, basic(C.robot))
  return [
    r.s,
    r.b,
    (await raw('/oauth2/introspect', { token: t.access_token }, basic(C.robot))).b.slice(0, 20),
    (await raw('/oauth2/userInfo', null, { authorization: 'Bearer ' + t.access_token })).s,
  ]
})
await probe('machine scopes up', async () => [
  await raw('/oauth2/token', { grant_type: 'client_credentials', scope: 'orders/write' }, basic(C.robot)),
  (await raw('/oauth2/token', { grant_type: 'client_credentials', scope: 'openid' }, basic(C.robot))).b,
  (await raw('/oauth2/token', { grant_type: 'client_credentials' }, basic(C.shop))).b,
  (await raw('/oauth2/token', { grant_type: 'client_credentials', client_id: C.pub.clientId })).b,
])
await probe('temp password replaced during journey', async () => {
  const p = await h.createUser({ password: 'temporary reading lamp 1', isTemporary: true })
  const b = browser()
  await b.open((await shop.begin()).url)
  await b.submit({ username: p.username, password: p.password })
  const at = b.page.url.pathname.split('/').pop()
  must(
    await h.admin.users.setPassword({
      pool: h.pool,
      sub: p.sub,
      password: 'another temporary lamp 2',
      isTemporary: true,
    } as never),
  )
  await b.submit({ password: 'attackers own lamp 33' })
  return [at, b.departure?.url.search.slice(0, 20) ?? b.page.url.pathname.split('/').pop()]
})
await probe('password set during consent', async () => {
  const p = await h.createUser()
  const b = browser()
  await b.open((await third.begin()).url)
  await b.submit({ username: p.username, password: p.password })
  const at = b.page.url.pathname.split('/').pop()
  must(
    await h.admin.users.setPassword({
      pool: h.pool,
      sub: p.sub,
      password: 'another lamp 2 of mine',
      isTemporary: false,
    } as never),
  )
  const btn = b.page.forms.flatMap((f) => f.buttons.map((x) => x.label + '/' + x.name + '=' + x.value))
  await b.submit({}, { tamper: { decision: 'allow' } })
  return [at, btn, b.departure?.url.search.slice(0, 60) ?? b.page.status + b.page.title]
})
await probe('session id changes', async () => {
  const b = browser()
  await b.open((await shop.begin()).url)
  const c0 = await cookies(b)
  await b.submit({ username: ann.username, password: ann.password })
  const c1 = await cookies(b)
  await b.open((await shop.begin({ prompt: 'login' })).url)
  await b.submit({ username: bob.username, password: bob.password })
  return [c0, c1, await cookies(b)]
})
await probe('third: claims w/o consent', async () => {
  const b = browser()
  const at = await third.begin({
    scope: 'openid',
    claims: JSON.stringify({ userinfo: { email: { essential: true }, name: null }, id_token: { email: null } }),
  })
  await b.open(at.url)
  await b.submit({ username: ann.username, password: ann.password })
  const cb = b.departure ? b.callback() : null
  if (!cb) return b.page.url.pathname
  const t = await third.finish(at, cb)
  return [t.claims(), (await raw('/oauth2/userInfo', null, { authorization: 'Bearer ' + t.access_token })).b]
})
await probe('third2: optional scope declined then asked silently', async () => {
  const t2 = await C.third2.party()
  const p = await h.createUser()
  const b = browser()
  const a = await t2.begin({ scope: 'openid email orders/read' })
  await b.open(a.url)
  await b.submit({ username: p.username, password: p.password })
  await b.submit({}, { tamper: { decision: 'allow', scope: '' } })
  const tok = await t2.finish(a, b.callback())
  const a2 = await t2.begin({ scope: 'openid email orders/read', prompt: 'none' })
  await b.open(a2.url)
  const s2 = b.callback().search.slice(0, 90)
  const a3 = await t2.begin({ scope: 'openid orders/write', prompt: 'none' })
  await b.open(a3.url)
  const up = await raw(
    '/oauth2/token',
    { grant_type: 'refresh_token', refresh_token: tok.refresh_token ?? '', scope: 'openid orders/read' },
    basic(C.third2),
  )
  return [tok.scope, s2, b.callback().search.slice(0, 90), up.s, up.b]
})
await probe('claims with NUL/surrogate', async () => {
  const out = []
  for (const c of [
    '{"userinfo":{"a\\u0000":null}}',
    '{"userinfo":{"\\ud800":null}}',
    '{"id_token":{"__proto__":{"essential":true}}}',
    '{"userinfo":{"constructor":null,"toString":null}}',
  ]) {
    const b = browser()
    const at = await shop.begin({ claims: c })
    await b.open(at.url)
    if (!b.departure) await b.submit({ username: ann.username, password: ann.password })
    out.push(b.departure ? b.callback().search.slice(0, 30) : b.page.status + b.page.title)
  }
  return out
})
await probe('sub claim other', async () => {
  const b = browser()
  await b.open((await shop.begin({ claims: JSON.stringify({ id_token: { sub: { value: bob.sub } } }) })).url)
  await b.submit({ username: ann.username, password: ann.password })
  return b.departure ? b.callback().search : b.page.url.pathname + b.page.status
})
await probe('callback removed during journey', async () => {
  const c = await h.createClient()
  const p = await c.party()
  const b = browser()
  await b.open((await p.begin()).url)
  must(
    await h.admin.clients.change({
      poolId: h.poolId,
      clientId: c.clientId,
      settings: { callbackUrls: ['http://localhost:9/new'] },
    } as never),
  )
  await b.submit({ username: ann.username, password: ann.password })
  return b.departure ? b.departure.url.href.slice(0, 60) : b.page.status + b.page.title
})
await probe('client disabled during journey', async () => {
  const c = await h.createClient()
  const p = await c.party()
  const b = browser()
  await b.open((await p.begin()).url)
  must(await h.admin.clients.change({ poolId: h.poolId, clientId: c.clientId, enabled: false } as never))
  await b.submit({ username: ann.username, password: ann.password })
  return b.departure ? b.departure.url.href.slice(0, 60) : b.page.status + b.page.title
})
await probe('scope removed during journey', async () => {
  const c = await h.createClient()
  const p = await c.party()
  const b = browser()
  const a = await p.begin()
  await b.open(a.url)
  must(
    await h.admin.clients.change({ poolId: h.poolId, clientId: c.clientId, settings: { scopes: ['openid'] } } as never),
  )
  await b.submit({ username: ann.username, password: ann.password })
  return b.departure
    ? [b.departure.url.search.slice(0, 40), (await p.finish(a, b.callback())).scope]
    : b.page.status + b.page.title
})
await probe('user disabled between code and token', async () => {
  const p = await h.createUser()
  const { code, verifier } = await codeFor(shop, p)
  must(await h.admin.users.disable({ pool: h.pool, sub: p.sub } as never))
  return (
    await raw(
      '/oauth2/token',
      { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: shop.redirectUri },
      basic(C.shop),
    )
  ).b
})
const second = await h.createPool()
const c2 = await second.createClient()
const p2 = await c2.party()
const ann2 = await second.createUser()
await probe('cross pool', async () => {
  const { tokens, browser: b } = await signInWith(shop, ann)
  const post = async (path: string, form: Record<string, string> | null, hd = {}) => {
    const r = await fetch(second.issuer + path, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...hd },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    })
    return r.status + (await r.text()).slice(0, 60)
  }
  const { code, verifier } = await codeFor(shop, ann)
  const out = [
    await post('/oauth2/userInfo', null, { authorization: 'Bearer ' + tokens.access_token }),
    await post('/oauth2/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }, basic(c2)),
    await post(
      '/oauth2/token',
      { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: shop.redirectUri },
      basic(c2),
    ),
    await post('/oauth2/introspect', { token: tokens.access_token }, basic(c2)),
    await post('/oauth2/token', { grant_type: 'client_credentials' }, basic(C.robot)),
    await post('/logout?id_token_hint=' + tokens.id_token, null),
  ]
  for (const ck of await b.cookiesFor(h.issuer))
    await b.cookies.setCookie(`${ck.name}=${ck.value}; Path=/${second.poolId}`, h.origin)
  await b.open((await p2.begin({ prompt: 'none' })).url)
  out.push(b.callback().search.slice(0, 60))
  const v = browser()
  await v.open((await shop.begin()).url)
  const flowUrl = new URL(v.page.url)
  const sw = flowUrl.href.replace(h.poolId, second.poolId)
  for (const ck of await v.cookiesFor(flowUrl))
    await v.cookies.setCookie(`${ck.name}=${ck.value}; Path=/${second.poolId}`, h.origin)
  out.push(String((await v.open(sw)).status))
  return out
})
await probe('races: complete x50', async () => {
  const b = browser()
  const a = await shop.begin()
  await b.open(a.url)
  const u = b.page.url
  const tok = b.page.forms[0]?.controls.find((c) => c.name === '_step')?.value ?? ''
  const ck = async (x: URL) => (await b.cookiesFor(x)).map((c) => `${c.name}=${c.value}`).join('; ')
  const r = await fetch(u, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      cookie: await ck(u),
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    },
    body: new URLSearchParams({ _step: tok, username: ann.username, password: ann.password }),
  })
  const done = new URL('complete', u)
  const rs = await Promise.all(
    Array.from(
      { length: 50 },
      async () => (await fetch(done, { redirect: 'manual', headers: { cookie: await ck(done) } })).status,
    ),
  )
  const counts: Record<number, number> = {}
  for (const s of rs) counts[s] = (counts[s] ?? 0) + 1
  return [r.status, counts]
})
await probe('races: 50 wrong passwords', async () => {
  const p = await h.createUser()
  const rs = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const b = browser()
      await b.open((await shop.begin()).url)
      await b.submit({ username: p.username, password: i === 49 ? p.password : 'wrong ' + i })
      return b.departure ? 'IN' : /many|later|wait/i.test(b.page.text) ? 'limited' : 'wrong'
    }),
  )
  const counts: Record<string, number> = {}
  for (const s of rs) counts[s] = (counts[s] ?? 0) + 1
  return counts
})
await probe(
  'token NUL basic',
  async () =>
    (
      await raw(
        '/oauth2/token',
        { grant_type: 'client_credentials' },
        { authorization: 'Basic ' + Buffer.from('%00:x').toString('base64') },
      )
    ).s,
)
await probe('logout forms', async () => {
  const out = []
  for (const q of [
    'client_id=' + C.shop.clientId + '&logout_uri=https://evil',
    'post_logout_redirect_uri=https://evil',
    'client_id=' + C.shop.clientId + '&post_logout_redirect_uri=https://evil',
    'client_id=' + C.shop.clientId + '&redirect_uri=https://evil&response_type=code',
    'redirect_uri=http://localhost:9/callback&response_type=code',
    'client_id=' + C.shop.clientId + '&logout_uri=a&logout_uri=b',
    'id_token_hint=x.y.z',
    'logout_uri=javascript:alert(1)&client_id=' + C.shop.clientId,
    'state=%0d%0ax&client_id=' + C.shop.clientId,
  ]) {
    const r = await raw('/logout?' + q, null)
    out.push(r.s + ' ' + (r.l ?? ''))
  }
  return out
})
await probe('logout csrf plain', async () => {
  const { browser: b } = await signInWith(shop, ann)
  await b.send('GET', h.issuer + '/logout', undefined, { headers: { 'sec-fetch-site': 'cross-site' } })
  await b.open((await shop.begin({ prompt: 'none' })).url)
  return b.callback().search.slice(0, 40)
})
await h.stop()
