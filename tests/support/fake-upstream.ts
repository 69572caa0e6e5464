import type { RedirectProvider, UpstreamIdentity, UpstreamRequest } from '#core/federation/ports.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'

export const anIdentity = (overrides: Partial<UpstreamIdentity> = {}): UpstreamIdentity => ({
  subject: '4711',
  claims: { sub: '4711', email: 'ann@example.com', email_verified: true, name: 'Ann Example' },
  amr: null,
  acr: null,
  authenticatedAt: null,
  session: null,
  ...overrides,
})

export interface FakeUpstream extends RedirectProvider {
  /** What journeys asked, in order. */
  readonly requests: UpstreamRequest[]
  /** What the next answers come to. */
  answers: Result<UpstreamIdentity>
  /** It cannot be left for. */
  isDown: boolean
}

/** A provider without a protocol: it knows its own journeys by what they remembered, and says what the test lets it say. */
export const fakeUpstream = (): FakeUpstream => {
  const requests: UpstreamRequest[] = []
  return {
    requests,
    answers: ok(anIdentity()),
    isDown: false,
    async begin(request) {
      if (this.isDown) return fail('upstream-unreachable', { because: 'connection refused' })
      requests.push(request)
      const url = `https://idp.example/authorize?${new URLSearchParams({ state: request.state })}`
      return ok({ departure: { kind: 'redirect', url }, remember: { state: request.state } })
    },
    async finish({ parameters }, remembered) {
      if (parameters.state !== remembered.state) return fail('upstream-invalid', { because: 'state' })
      return this.answers
    },
  }
}
