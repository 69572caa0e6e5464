import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readAuthnRequest } from '#adapters/saml-idp/read-authn-request.ts'
import { claimedIssuer } from '#adapters/saml-idp/received.ts'
import { SAML_CONTINUE_PATH } from '#core/clients/index.ts'
import {
  type AuthnRequest,
  acceptRequest,
  assertionFor,
  CLOCK_SKEW_MS,
  REQUEST_LIFE_MS,
  refuseApp,
  samlIdpAddresses,
  statusOfError,
  type Wanted,
  wantedOf,
} from '#core/saml-idp/index.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { ROUTES } from '../oidc/build-provider.ts'
import { grantSeconds } from '../oidc/grants.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import { redeemInside } from '../oidc/redeem-inside.ts'
import { redirectTo } from '../redirect.ts'
import type { Asked, SamlAnswers } from './answers.ts'
import type { KeptRows } from './kept.ts'
import { personClaims } from './person-claims.ts'
import { readMessage, singleFields } from './read-message.ts'
import { claimedClient, relayStateOf, type SamlClient, type SamlRoom, samlClient } from './room.ts'

interface Accepted {
  app: SamlClient
  request: AuthnRequest
  asked: Asked
}

const NOTHING_ASKED = {
  nameIdFormat: null,
  contexts: [],
  comparison: 'exact',
  forceAuthn: false,
  isPassive: false,
} as const

/** Signing in on behalf of service providers: a request becomes a journey of ours, and its end an assertion. */
export const samlSignIn = (room: SamlRoom, kept: KeptRows, answers: SamlAnswers) => {
  const { deps, ids, names } = room
  const now = () => deps.clock.now().getTime()

  /** Where the journey begins: our own authorization endpoint, as for every other app. */
  const journeyFor = async (
    runtime: PoolRuntime,
    { client }: SamlClient,
    asked: Asked,
    wanted: Wanted,
    hint: string | null,
    res: ServerResponse,
  ): Promise<string> => {
    const verifier = Buffer.from(deps.random.bytes(32)).toString('base64url')
    const state = await kept.openRequest(runtime, res, { ...asked, clientId: client.id, wanted, verifier })
    const { level } = wanted.context
    const query = new URLSearchParams({
      client_id: client.id,
      response_type: 'code',
      redirect_uri: `${runtime.issuer}${SAML_CONTINUE_PATH}`,
      scope: [...new Set(['openid', ...client.settings.scopes])].join(' '),
      state,
      code_challenge: hash('sha256', verifier, 'base64url'),
      code_challenge_method: 'S256',
      ...(wanted.prompt === null ? {} : { prompt: wanted.prompt }),
      ...(hint === null ? {} : { login_hint: hint.slice(0, 128) }),
      ...(level === null ? {} : { claims: JSON.stringify({ id_token: { acr: { essential: true, value: level } } }) }),
    })
    return `${runtime.base}${ROUTES.authorization}?${query}`
  }

  const accept = async (runtime: PoolRuntime, req: IncomingMessage): Promise<Result<Accepted>> => {
    const received = await readMessage(req, now())
    if (!received.ok) return received
    const issuer = claimedIssuer(received.value, 'SAMLRequest')
    if (!issuer.ok) return issuer
    const app = await claimedClient(room, runtime, issuer.value)
    if (!app.ok) return app
    const { client, saml } = app.value
    const request = readAuthnRequest(received.value, saml)
    if (!request.ok) return request
    const relayState = relayStateOf(received.value)
    const { ssoUrl } = samlIdpAddresses(runtime.issuer)
    const acsUrl = acceptRequest(saml, request.value, { ssoUrl, relayState, now: now() })
    if (!acsUrl.ok) return acsUrl
    const { id, issuedAt } = request.value
    const until = new Date(issuedAt + REQUEST_LIFE_MS + 2 * CLOCK_SKEW_MS)
    if (!(await ids.use(runtime.pool.id, `client ${client.id}`, id, until))) return refuseApp('request-replayed')
    return ok({ app: app.value, request: request.value, asked: { acsUrl: acsUrl.value, requestId: id, relayState } })
  }

  const mayInitiate = async (runtime: PoolRuntime, req: IncomingMessage): Promise<Result<SamlClient>> => {
    const query = singleFields((req.url ?? '').split('?')[1] ?? '')
    if (!query.ok) return query
    const app = await samlClient(room, runtime, query.value.client_id ?? '')
    if (app === null) return refuseApp('app-unknown')
    return app.saml.idpInitiated.enabled ? ok(app) : refuseApp('unsolicited-off')
  }

  return {
    /** `GET` and `POST /saml2/idp/sso` */
    async request(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<void> {
      const accepted = await accept(runtime, req)
      if (!accepted.ok) return answers.refusal(runtime, null, accepted.failure, req, res)
      const { app, request, asked } = accepted.value
      const plan = wantedOf(app.saml, request)
      if (!plan.ok) return answers.status(runtime, app, { status: plan.status, asked }, req, res)
      // A GET, whatever the request was: the session cookie is SameSite=Lax and does not come with another site's post.
      redirectTo(res, 303, await journeyFor(runtime, app, asked, plan.wanted, request.subject, res))
    },

    /** `GET /saml2/idp/init?client_id=…`: a sign-in that the app did not ask for, where its settings allow that. */
    async initiate(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<void> {
      const initiated = await mayInitiate(runtime, req)
      if (!initiated.ok) return answers.refusal(runtime, null, initiated.failure, req, res)
      const app = initiated.value
      const { assertionConsumers, idpInitiated } = app.saml
      const relayState = idpInitiated.relayState ?? null
      const asked: Asked = { acsUrl: assertionConsumers[0]?.url ?? '', requestId: null, relayState }
      const plan = wantedOf(app.saml, NOTHING_ASKED)
      if (!plan.ok) return answers.status(runtime, app, { status: plan.status, asked }, req, res)
      redirectTo(res, 303, await journeyFor(runtime, app, asked, plan.wanted, null, res))
    },

    /** `GET /saml2/idp/continue`: the journey has come back, and its code is redeemed here. */
    async continue(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<void> {
      const query = singleFields((req.url ?? '').split('?')[1] ?? '')
      const { state = '', code, error } = query.ok ? query.value : {}
      const pending = await kept.takeRequest(runtime, req, res, state)
      const app = pending === null ? null : await samlClient(room, runtime, pending.clientId)
      // Its addresses may have changed while the person was with us.
      const isStillTheirs = app?.saml.assertionConsumers.some(({ url }) => url === pending?.acsUrl) === true
      if (pending === null || app === null || !isStillTheirs) return answers.expired(runtime, req, res)
      if (code === undefined) {
        const status = statusOfError(error ?? '')
        return answers.status(runtime, app, { status, asked: pending }, req, res)
      }
      const redirectUri = `${runtime.issuer}${SAML_CONTINUE_PATH}`
      const redeemed = await redeemInside(runtime, code, { ...pending, redirectUri })
      if (redeemed === null) return answers.expired(runtime, req, res)
      const person = await personClaims(deps, runtime, app.client, redeemed)
      if (!person.ok) return answers.status(runtime, app, { status: 'RequestDenied', asked: pending }, req, res)
      const { sub, sid, acr, amr, grantId } = redeemed
      const answer = assertionFor(
        { id: app.client.id, saml: app.saml },
        pending.wanted,
        { ...person.value, sessionIndex: sid, authenticatedAt: redeemed.authTime, acr, amr },
        pending,
        { names: await names.of(runtime.pool.id), now: now() },
      )
      if (!answer.ok) return answers.status(runtime, app, { status: answer.status, asked: pending }, req, res)
      const { contents } = answer
      const { value: nameId, format } = contents.nameId
      await kept.rememberAs(
        runtime,
        { clientId: app.client.id, nameId, format, sessionIndex: sid },
        { sub, grantId, seconds: grantSeconds(runtime, app.client.settings) },
      )
      await answers.assertion(runtime, app, { contents, asked: pending, sub }, req, res)
    },
  }
}
