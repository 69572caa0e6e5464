import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type AccountPorts,
  contactBehindUndo,
  deletionBehindUndo,
  undoContactChange,
  undoDeletion,
} from '#core/account/index.ts'
import { accountClient } from '#core/clients/index.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { contextOf } from '#core/shared/request-context.ts'
import { maskAddress, shownName } from '#core/users/index.ts'
import type { Config } from '../config.ts'
import { chosenLocale } from '../cookies.ts'
import { formFields, readForm } from '../form-body.ts'
import { chooseLocale } from '../locale.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import { type HostedPages, newNonce } from '../pages.ts'
import { isSameOrigin } from '../same-origin.ts'

export interface UndoDeps {
  config: Config
  ports: AccountPorts
  pages: HostedPages
}

/** Longest token of ours is that of a deletion, sealed: some 200 characters. */
const LONGEST_TOKEN = 600
/** A former address's token is 256 bits in base64url; a sealed one has dots. */
const CONTACT_TOKEN = /^[\w-]{43}$/

/**
 * Landing of the links that take something back: a former address, or the end of an account. No session is asked for, since
 * whoever took an account has one; the token is. A button, because mail scanners open links.
 */
export const undoPages = ({ config, ports, pages }: UndoDeps) => {
  const show = async (
    { pool, base }: PoolRuntime,
    token: string,
    req: IncomingMessage,
    res: ServerResponse,
    modelOf: (frame: Awaited<ReturnType<typeof pages.frame>>) => PageModel,
    status = 200,
  ): Promise<void> => {
    const nonce = newNonce()
    const locale = chosenLocale(req.headers) ?? chooseLocale({}, req.headers, pool.settings.defaultLocale)
    const here = `${base}/account/undo?${new URLSearchParams({ token })}`
    const frame = await pages.frame({ pool, base, client: null, locale, nonce, here })
    await pages.show(modelOf(frame), res, status, nonce)
  }

  const refuse = (
    runtime: PoolRuntime,
    token: string,
    req: IncomingMessage,
    res: ServerResponse,
    what: { problem: string; status: 400 | 403 } = { problem: 'linkUnusable', status: 400 },
  ): Promise<void> =>
    show(
      runtime,
      token,
      req,
      res,
      (frame) => pages.problem({ frame, ...what, reference: contextOf(req.headers).requestId }, ports.clock.now()),
      what.status,
    )

  const ask = async (runtime: PoolRuntime, token: string, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { pool } = runtime
    const model = { kind: 'link', fields: { token }, failure: null } as const
    if (CONTACT_TOKEN.test(token)) {
      const change = await contactBehindUndo(ports)(pool, token)
      if (!change.ok) return refuse(runtime, token, req, res)
      const destination = maskAddress(change.value.oldValue ?? '')
      return show(runtime, token, req, res, (frame) => ({ ...model, frame, purpose: 'contact-undo', destination }))
    }
    const deletion = await deletionBehindUndo(ports)(pool, token)
    if (!deletion.ok) return refuse(runtime, token, req, res)
    const destination = shownName(pool, deletion.value.user)
    return show(runtime, token, req, res, (frame) => ({ ...model, frame, purpose: 'deletion-undo', destination }))
  }

  const act = async (runtime: PoolRuntime, token: string, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { pool, base, issuer } = runtime
    if (!isSameOrigin(req.headers, config.PUBLIC_ORIGIN))
      return refuse(runtime, token, req, res, { problem: 'unexpected', status: 403 })
    const context = contextOf(req.headers)
    const isContact = CONTACT_TOKEN.test(token)
    const done = isContact
      ? await undoContactChange(ports)(pool, token, context)
      : await undoDeletion(ports)(pool, token, accountClient(pool, issuer), context)
    if (!done.ok) return refuse(runtime, token, req, res)
    // Whoever changed an address may know the password: the way on is the page that makes a new one.
    const signIn = isContact ? `${base}/account/password` : `${base}/account`
    return show(runtime, '', req, res, (frame) => ({
      kind: 'link-done',
      frame: { ...frame, here: null },
      purpose: isContact ? 'contact-undo' : 'deletion-undo',
      signIn,
    }))
  }

  return async (runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const asked = new URL(req.url ?? '/', config.PUBLIC_ORIGIN).searchParams.get('token') ?? ''
    if (req.method !== 'POST') return ask(runtime, asked.slice(0, LONGEST_TOKEN), req, res)
    const body = await readForm(req)
    const { token } = body.ok ? formFields(body.text) : {}
    return act(runtime, typeof token === 'string' ? token.slice(0, LONGEST_TOKEN) : '', req, res)
  }
}
