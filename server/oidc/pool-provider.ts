// The one file that reaches into oidc-provider beyond its configuration: it subclasses the library's models, which it hands
// out through getters, and wraps the handlers it registers while it is being constructed.
import Provider, { errors, type GrantHandler, type KoaContext, type Payload, type Token } from 'oidc-provider'
import { applyClientRules } from './client-rules.ts'
import { memo } from './memo.ts'
import type { ModelHooks } from './model-hooks.ts'

// The library looks for JWTs at revocation and introspection and refuses them. Marked, ours pass to `find`, which knows them.
const MARK = '~.'

/** A presented token as `find` will recognise it at endpoints that refuse structured tokens. */
export const markedToken = (value: string): string => (value.split('.').length === 3 ? `${MARK}${value}` : value)

// Getters run while the parent constructs, before a subclass has fields: caches stand outside.
const caches = {
  AccessToken: new WeakMap<object, Provider['AccessToken']>(),
  ClientCredentials: new WeakMap<object, Provider['ClientCredentials']>(),
  AuthorizationCode: new WeakMap<object, Provider['AuthorizationCode']>(),
  RefreshToken: new WeakMap<object, Provider['RefreshToken']>(),
  Grant: new WeakMap<object, Provider['Grant']>(),
  Session: new WeakMap<object, Provider['Session']>(),
  IdToken: new WeakMap<object, Provider['IdToken']>(),
  Claims: new WeakMap<object, Provider['Claims']>(),
  Client: new WeakMap<object, Provider['Client']>(),
}
const hooksOf = new WeakMap<object, ModelHooks>()
let constructing: ModelHooks | null = null

// Getters and registrations run inside the parent's constructor, before private members of a subclass exist.
const hooksFor = (provider: object): ModelHooks => {
  const hooks = hooksOf.get(provider) ?? constructing
  if (hooks === null) throw new Error('use PoolProvider.build')
  return hooks
}

/** Rotations followed for one presented refresh token: two tabs that refresh in turn, not a history. */
const MAX_ROTATIONS = 5

/** Where a token is looked at without its client: the library asks for the client itself elsewhere. */
const isAskedByAnother = (): boolean => Provider.ctx?.oidc.route === 'introspection'

const isRedeeming = (): boolean => Provider.ctx?.oidc.route === 'token'

/** The answer was given before: this refresh token goes with it again, and is not rotated. */
const repeatAnswer = (token: Token): void => {
  if (Provider.ctx !== undefined) Provider.ctx.state.repeatedRefreshToken = token.jti
}

/** The library's answer repeats a refresh token that goes on living; Cognito's names new ones alone. */
const nameNewRefreshTokenAlone = ({ body, state }: KoaContext, presented: string | undefined): void => {
  const answer = body as Payload
  if (state.repeatedRefreshToken !== undefined) answer.refresh_token = state.repeatedRefreshToken
  else if (answer.refresh_token === presented) delete answer.refresh_token
}

/** Marks an artefact that was there but lost the race for it. */
export class ConsumedTwice extends Error {}

export class PoolProvider extends Provider {
  static build(issuer: string, configuration: Payload, hooks: ModelHooks): PoolProvider {
    constructing = hooks
    try {
      const provider = new PoolProvider(issuer, configuration)
      hooksOf.set(provider, hooks)
      return provider
    } finally {
      constructing = null
    }
  }

  override get AccessToken(): Provider['AccessToken'] {
    const hooks = hooksFor(this)
    const base = super.AccessToken
    return memo(this, caches.AccessToken, () => {
      // The library keys its storage by class name.
      class AccessToken extends base {
        override generateTokenId(): string {
          // The library's own way also settles the stored format: opaque, whatever we make of it outside.
          const opaque = super.generateTokenId()
          return hooks.accessTokenId(Provider.ctx) ?? opaque
        }

        override async getValueAndPayload() {
          const { payload } = await super.getValueAndPayload()
          if (payload === undefined) throw new Error('access tokens are stored')
          return { value: await hooks.representAccessToken(this, payload, Provider.ctx), payload }
        }

        static override async find(value: string, options?: Payload) {
          const known = hooks.recogniseAccessToken(value.startsWith(MARK) ? value.slice(MARK.length) : value)
          if (known === null || known.clientCredentials !== null) return undefined
          // biome-ignore lint/complexity/noThisInStatic: `super` is the library's class, which has no name here
          const token = await super.find(known.jti, options)
          if (token !== undefined && isAskedByAnother() && !(await hooks.isLiveClient(token.clientId))) return undefined
          return token
        }
      }
      return AccessToken
    })
  }

  override get ClientCredentials(): Provider['ClientCredentials'] {
    const hooks = hooksFor(this)
    const base = super.ClientCredentials
    return memo(this, caches.ClientCredentials, () => {
      class ClientCredentials extends base {
        // No row: a client's own token is its signature and its expiry.
        override async getValueAndPayload() {
          const { payload } = await super.getValueAndPayload()
          return { value: await hooks.representAccessToken(this, payload ?? {}, Provider.ctx) }
        }

        static override async find(value: string) {
          const known = hooks.recogniseAccessToken(value.startsWith(MARK) ? value.slice(MARK.length) : value)
          const claims = known?.clientCredentials
          if (claims == null || !(await hooks.isLiveClient(String(claims.clientId)))) return undefined
          return (await hooks.isRevokedMachineToken(String(claims.jti))) ? undefined : new ClientCredentials(claims)
        }

        override async destroy() {
          await hooks.revokeMachineToken(this)
        }
      }
      return ClientCredentials
    })
  }

  override get AuthorizationCode(): Provider['AuthorizationCode'] {
    const hooks = hooksFor(this)
    const base = super.AuthorizationCode
    return memo(this, caches.AuthorizationCode, () => {
      class AuthorizationCode extends base {
        static override async find(value: string, options?: Payload) {
          // biome-ignore lint/complexity/noThisInStatic: `super` is the library's class, which has no name here
          const code = await super.find(value, options)
          if (code?.consumed !== undefined && isRedeeming()) await hooks.reused(code)
          return code
        }

        // Two redemptions that arrive together both read an unused code; the statement lets one through, and the loser is
        // treated as the replay it may be: everything of the grant goes (RFC 6749 §4.1.2).
        override async consume() {
          if (await hooks.consume('AuthorizationCode', this.jti)) return
          throw new ConsumedTwice(this.grantId)
        }
      }
      return AuthorizationCode
    })
  }

  override get RefreshToken(): Provider['RefreshToken'] {
    const hooks = hooksFor(this)
    const base = super.RefreshToken
    return memo(this, caches.RefreshToken, () => {
      class RefreshToken extends base {
        static override async find(value: string, options?: Payload) {
          // biome-ignore lint/complexity/noThisInStatic: `super` is the library's class, which has no name here
          const stored = (id: string) => super.find(id, options)
          let token = await stored(value)
          for (let hop = 0; token?.consumed !== undefined && isRedeeming(); hop += 1) {
            if (hop === MAX_ROTATIONS || !(await hooks.isWithinGrace(token))) {
              await hooks.reused(token)
              break
            }
            const successor = await stored(hooks.successorOf(token.jti))
            // Whoever was first writes the successor at this moment: the same is written once more.
            if (successor === undefined) delete token.consumed
            else {
              token = successor
              repeatAnswer(token)
            }
          }
          if (token !== undefined && isAskedByAnother() && !(await hooks.isLiveClient(token.clientId))) return undefined
          return token
        }

        override generateTokenId(): string {
          const rotated = Provider.ctx?.oidc.entities.RotatedRefreshToken
          return rotated === undefined ? super.generateTokenId() : hooks.successorOf(rotated.jti)
        }

        override async consume() {
          if (await hooks.consume('RefreshToken', this.jti)) return
          throw new ConsumedTwice(this.grantId)
        }
      }
      return RefreshToken
    })
  }

  override get Grant(): Provider['Grant'] {
    const hooks = hooksFor(this)
    const base = super.Grant
    return memo(this, caches.Grant, () => {
      class Grant extends base {
        static override get IN_PAYLOAD() {
          // biome-ignore lint/complexity/noThisInStatic: `super` is the library's class, which has no name here
          return [...super.IN_PAYLOAD, 'eventId']
        }

        override getOIDCScopeFiltered(filter: Set<string>) {
          return hooks.stillAllowed(super.getOIDCScopeFiltered(filter), Provider.ctx)
        }
      }
      return Grant
    })
  }

  override get Session(): Provider['Session'] {
    const base = super.Session
    return memo(this, caches.Session, () => {
      class Session extends base {
        static override get IN_PAYLOAD() {
          // biome-ignore lint/complexity/noThisInStatic: `super` is the library's class, which has no name here
          return [...super.IN_PAYLOAD, 'proofs']
        }

        // The library hands on what it knows of a sign-in; what it was proven by is in the journey's own answer.
        override loginAccount(details: Payload) {
          super.loginAccount(details)
          const proofs = Provider.ctx?.oidc.entities.Interaction?.result?.login?.proofs
          if (proofs === undefined) delete this.proofs
          else this.proofs = proofs
        }
      }
      return Session
    })
  }

  override get IdToken(): Provider['IdToken'] {
    const hooks = hooksFor(this)
    const base = super.IdToken
    return memo(this, caches.IdToken, () => {
      class IdToken extends base {
        // A hint may be signed with a key, even an algorithm, of before (OpenID Connect Core §3.1.2.1).
        static override async validate(jwt: string, client: { clientId: string }) {
          const payload = hooks.recogniseIdToken(jwt, client.clientId)
          if (payload === null) throw new Error('not an ID token of this client')
          return { payload }
        }

        // Signed by us, for the library takes the first key that fits and not the active one.
        override async issue(options: { use: string }) {
          const { ctx } = this
          if (options.use !== 'idtoken' || ctx === undefined) return super.issue(options)
          return hooks.idToken(await this.payload(), ctx, IdToken.expiresIn(ctx, this, ctx.oidc.client))
        }
      }
      return IdToken
    })
  }

  override get Claims(): Provider['Claims'] {
    const hooks = hooksFor(this)
    const base = super.Claims
    return memo(this, caches.Claims, () => {
      class Claims extends base {
        override scope(value = '') {
          super.scope(value)
          this.mask(Object.fromEntries(hooks.claimsBeyondScope(value).map((name) => [name, null])))
          return this
        }
      }
      return Claims
    })
  }

  override get Client(): Provider['Client'] {
    const hooks = hooksFor(this)
    const base = super.Client
    return memo(this, caches.Client, () => {
      applyClientRules(base.prototype, hooks, () => Provider.ctx)
      return base
    })
  }

  override registerGrantType(name: string, handler: GrantHandler, parameters?: unknown, duplicates?: unknown): void {
    const hooks = hooksFor(this)
    const wrapped: GrantHandler = async (ctx, next) => {
      const { params } = ctx.oidc
      const presented = params.refresh_token
      if (name === 'client_credentials') params.scope = hooks.machineScopes(ctx)
      try {
        await handler(ctx, next)
        if (name === 'refresh_token') nameNewRefreshTokenAlone(ctx, presented)
      } catch (error) {
        if (error instanceof ConsumedTwice) throw new errors.InvalidGrant('already used')
        throw error
      }
    }
    super.registerGrantType(name, wrapped, parameters, duplicates)
  }

  override registerResponseMode(name: string, handler: Parameters<Provider['registerResponseMode']>[1]): void {
    const own: typeof handler = (ctx, action, fields) => hooksFor(this).formPost(ctx, action, fields)
    super.registerResponseMode(name, name === 'form_post' ? own : handler)
    // The first to register stays: nothing of ours travels in a fragment, errors to response types that would want one included.
    if (name === 'query') super.registerResponseMode('fragment', handler)
  }
}
