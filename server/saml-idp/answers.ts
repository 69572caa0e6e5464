import type { IncomingMessage, ServerResponse } from 'node:http'
import { postField } from '#adapters/saml/post-binding.ts'
import { type ResponseFacts, refusalXml, successXml } from '#adapters/saml-idp/write-response.ts'
import type { AppClient } from '#core/clients/client-settings.ts'
import { newEvent } from '#core/events/index.ts'
import type { Departure } from '#core/federation/ports.ts'
import {
  type AssertionContents,
  type RefusedStatus,
  type SamlAppSettings,
  samlIdpAddresses,
} from '#core/saml-idp/index.ts'
import type { Failure } from '#core/shared/result.ts'
import { chooseLocale } from '../locale.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import { newNonce } from '../pages.ts'
import { redirectTo } from '../redirect.ts'
import { newMessageId, type SamlClient, type SamlRoom } from './room.ts'

/** Where an answer goes. */
export interface Asked {
  /** Proven: one of the client's own. */
  acsUrl: string
  requestId: string | null
  relayState: string | null
}

/** What the browser carries away, as redirects and as pages that post themselves. */
export const samlAnswers = (room: SamlRoom) => {
  const { deps, pages, keys } = room

  const frameFor = async ({ pool, base }: PoolRuntime, client: AppClient | null, req: IncomingMessage) => {
    const nonce = newNonce()
    const locale = chooseLocale({}, req.headers, pool.settings.defaultLocale)
    return { nonce, frame: await pages.frame({ pool, base, client, locale, nonce }) }
  }

  const depart = async (
    runtime: PoolRuntime,
    client: AppClient | null,
    departure: Departure,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> => {
    if (departure.kind === 'redirect') return redirectTo(res, 302, departure.url)
    const { nonce, frame } = await frameFor(runtime, client, req)
    const { action, fields } = departure
    await pages.show({ kind: 'form-post', frame, action, fields, leadsOn: true }, res, 200, nonce)
  }

  const factsOf = async (runtime: PoolRuntime, asked: Asked): Promise<ResponseFacts> => ({
    issuer: samlIdpAddresses(runtime.issuer).entityId,
    key: await keys.of(runtime.pool.id, 'idp'),
    responseId: newMessageId(room),
    assertionId: newMessageId(room),
    destination: asked.acsUrl,
    inResponseTo: asked.requestId,
    now: deps.clock.now().getTime(),
  })

  const post = (
    runtime: PoolRuntime,
    client: AppClient,
    { acsUrl, relayState }: Asked,
    xml: string,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> => {
    const fields = { SAMLResponse: postField(xml), ...(relayState === null ? {} : { RelayState: relayState }) }
    return depart(runtime, client, { kind: 'post', action: acsUrl, fields }, req, res)
  }

  const eventOf = (
    { pool }: PoolRuntime,
    clientId: string | null,
    facts: { sub?: string; failure?: Failure; detail: Record<string, string>; req?: IncomingMessage },
  ) =>
    newEvent(deps.random, deps.clock.now(), {
      poolId: pool.id,
      type: 'assertion.issued',
      outcome: facts.failure === undefined ? 'success' : 'failure',
      reason: facts.failure?.code ?? null,
      sub: facts.sub ?? null,
      clientId,
      context: facts.req === undefined ? null : deps.contextOf(facts.req),
      detail: facts.detail,
    })

  return {
    depart,

    /** The assertion, signed and on its way to the client. */
    async assertion(
      runtime: PoolRuntime,
      { client, saml }: SamlClient,
      { contents, asked, sub }: { contents: AssertionContents; asked: Asked; sub: string },
      req: IncomingMessage,
      res: ServerResponse,
    ): Promise<void> {
      const xml = await successXml(contents, await factsOf(runtime, asked), certificateFor(saml))
      const event = eventOf(runtime, client.id, { sub, detail: { nameId: contents.nameId.format }, req })
      await deps.events.write({ events: [event] })
      await post(runtime, client, asked, xml, req, res)
    },

    /** "No", to an address that is proven. */
    async status(
      runtime: PoolRuntime,
      { client }: SamlClient,
      { status, asked }: { status: RefusedStatus; asked: Asked },
      req: IncomingMessage,
      res: ServerResponse,
    ): Promise<void> {
      // Counted: anybody can have requests refused, as often as they like.
      const failure: Failure = { code: 'saml-request-refused' }
      void deps.events.count(eventOf(runtime, client.id, { failure, detail: { status } }))
      await post(runtime, client, asked, refusalXml(status, await factsOf(runtime, asked)), req, res)
    },

    /** The calm page for a message that goes nowhere: its sender is not known, or it does not hold. */
    async refusal(
      runtime: PoolRuntime,
      clientId: string | null,
      failure: Failure,
      req: IncomingMessage,
      res: ServerResponse,
    ): Promise<void> {
      const because = failure.because ?? failure.code
      const detail = { because: because.split(':')[0] ?? '' }
      void deps.events.count(eventOf(runtime, clientId, { failure, detail }))
      const { nonce, frame } = await frameFor(runtime, null, req)
      const details = runtime.pool.settings.production ? null : { error: failure.code, error_description: because }
      const reference = deps.contextOf(req).requestId
      const model = pages.problem({ frame, status: 400, problem: 'appSetup', reference, details }, deps.clock.now())
      await pages.show(model, res, 400, nonce)
    },

    /** A journey that is over, or was begun in another browser. */
    async expired(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<void> {
      const { nonce, frame } = await frameFor(runtime, null, req)
      const reference = deps.contextOf(req).requestId
      const model = pages.problem({ frame, status: 400, problem: 'expired', reference }, deps.clock.now())
      await pages.show(model, res, 400, nonce)
    },
  }
}
export type SamlAnswers = ReturnType<typeof samlAnswers>

const certificateFor = ({ encryptAssertions, encryptionCertificate }: SamlAppSettings): string | null =>
  encryptAssertions ? (encryptionCertificate ?? null) : null
