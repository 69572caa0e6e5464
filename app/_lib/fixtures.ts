import type { FlowStep, FlowView, PageFrame, ShownFailure } from '#core/flows/flow-view.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { directionOf, type Locale } from '#core/shared/locales.ts'

/** Content-hashed addresses that the preview has and a test may invent. */
export interface FixtureAssets {
  css: string
  script: string
}

const FLOW_ID = 'V1StGXR8_Z5jdHi6B-myT'

const frameOf = (locale: Locale, assets: FixtureAssets): PageFrame => ({
  poolId: 'eu-local-1_AbCdEfGhI',
  appName: locale === 'ar' ? 'دار المدى' : 'Fjord Books',
  poolName: 'Fjord Books',
  host: 'auth.fjordbooks.example',
  base: '/eu-local-1_AbCdEfGhI',
  clientId: 'abcdefghijklmnopqrstuvwxyz',
  locale,
  dir: directionOf(locale),
  theme: {
    stylesheet: '/preview/asset/theme.css',
    logo: null,
    favicon: '/preview/asset/mark.svg',
    layout: 'hinge',
    colorMode: 'auto',
    sealFigure: '/preview/asset/figure.svg',
    sealMark: '/preview/asset/mark.svg',
    themeColor: { light: '#0f3352', dark: '#0b2236' },
  },
  links: { privacy: 'https://fjordbooks.example/privacy', terms: 'https://fjordbooks.example/terms', help: null },
  isTestPool: true,
  assets,
  nonce: 'preview',
})

const viewOf = (step: FlowStep, frame: PageFrame): FlowView => ({
  flowId: FLOW_ID,
  step,
  frame,
  stepToken: 'b3duZWQgYnkgdGhlIGpvdXJuZXk',
  values:
    step === 'sign-in' || step === 'sign-up' || step === 'forgot-password' ? {} : { username: 'ines@example.com' },
  failure: null,
  notice: null,
  rail: { steps: RAILS[step][0], current: RAILS[step][1] },
  signIn: { names: ['email'], identifierFirst: step === 'password', signUpOpen: true, recoveryOpen: true },
  signUp: {
    nameKind: 'email',
    fields: [
      { name: 'name', label: null, type: 'string', required: true },
      { name: 'nickname', label: null, type: 'string', required: false },
    ],
    owner: null,
  },
  passwordRules: {
    minLength: 15,
    requireUppercase: false,
    requireLowercase: false,
    requireNumbers: false,
    requireSymbols: false,
  },
  code: CODE_STEPS.includes(step)
    ? { destination: 'i•••@example.com', medium: 'email', minutes: 15, resendInSeconds: 30, mayChangeDestination: true }
    : null,
  missing: [
    { name: 'birthdate', label: null, type: 'string', required: true },
    { name: 'phone_number', label: null, type: 'string', required: true },
    { name: 'custom:team', label: 'Reading circle', type: 'string', required: false },
    { name: 'custom:letters', label: 'Send me letters', type: 'boolean', required: false },
  ],
  consent: {
    signedInAs: 'ines@example.com',
    required: [
      { scope: 'openid', description: null },
      { scope: 'email', description: null },
      { scope: 'offline_access', description: null },
    ],
    optional: [
      { scope: 'phone', description: null },
      { scope: 'orders/read', description: 'See the orders you have placed' },
    ],
    publisherHost: 'fjordbooks.example',
    privacy: 'https://fjordbooks.example/privacy',
    terms: 'https://fjordbooks.example/terms',
  },
  completeUrl: `${frame.base}/flow/${FLOW_ID}/complete`,
})

const CODE_STEPS: readonly FlowStep[] = ['confirm-sign-up', 'confirm-account', 'reset-code']

const RAILS: Readonly<Record<FlowStep, readonly [readonly string[], number]>> = {
  'sign-in': [['signIn', 'back'], 0],
  password: [['signIn', 'back'], 0],
  'sign-up': [['details', 'confirm', 'back'], 0],
  'confirm-sign-up': [['details', 'confirm', 'back'], 1],
  'confirm-account': [['signIn', 'confirm', 'back'], 1],
  'forgot-password': [['find', 'confirm', 'newPassword'], 0],
  'reset-code': [['find', 'confirm', 'newPassword'], 1],
  'reset-password': [['find', 'confirm', 'newPassword'], 2],
  'new-password': [['signIn', 'newPassword', 'back'], 1],
  'missing-attributes': [['signIn', 'details', 'back'], 1],
  'change-password': [['signIn', 'newPassword', 'back'], 1],
  consent: [['signIn', 'allow', 'back'], 1],
  done: [['signIn', 'back'], 1],
}

const failed = (message: string, field: string | null, params: ShownFailure['params'] = {}): Partial<FlowView> => ({
  failure: { message, field, params },
})

type Change = (view: FlowView) => Partial<FlowView>

const COGNITO_RULES: FlowView['passwordRules'] = {
  minLength: 8,
  requireUppercase: true,
  requireLowercase: true,
  requireNumbers: true,
  requireSymbols: true,
}

const LONG_NAME = 'maximiliane.freifrau-von-und-zu-hohenstein.buchhandlung@mail.bibliotheken.example'

const kept = { values: { username: 'ines@example.com' } }

const CODE_STATES: Readonly<Record<string, Change>> = {
  fresh: () => ({}),
  'field-error': () => failed('code.short', 'code', { n: 4 }),
  wrong: () => failed('code.wrong', 'code'),
  expired: () => failed('code.expired', 'code'),
  throttled: () => failed('code.toosoon', null, { seconds: 42 }),
  spent: () => failed('code.spent', 'code', { minutes: 60 }),
  required: () => ({ notice: 'resetRequired' }),
  ready: (view) => ({ code: view.code && { ...view.code, resendInSeconds: 0 } }),
  sms: (view) => ({ code: view.code && { ...view.code, medium: 'sms', destination: '+•••••••••23' } }),
  unsent: () => ({ code: null }),
}

const PASSWORD_STATES: Readonly<Record<string, Change>> = {
  fresh: () => ({}),
  'field-error': () => failed('newpassword.short', 'password', { min: 15 }),
  common: () => failed('newpassword.common', 'password'),
  rules: () => ({
    passwordRules: COGNITO_RULES,
    ...failed('newpassword.rules', 'password', { missing: 'uppercase,number' }),
  }),
}

/** Every state of every step that has an address in the preview. */
export const FLOW_STATES: Readonly<Record<FlowStep, Readonly<Record<string, Change>>>> = {
  'sign-in': {
    fresh: () => ({}),
    returning: () => kept,
    'field-error': () => failed('identifier.empty', 'username'),
    'form-error': () => ({ ...kept, ...failed('signin.failed', null) }),
    throttled: () => ({ ...kept, ...failed('signin.throttled', null, { minutes: 12 }) }),
    notice: () => ({ notice: 'emailConfirmed' }),
    closed: (view) => ({ signIn: { ...view.signIn, signUpOpen: false, recoveryOpen: false } }),
    keep: (view) => ({ signIn: { ...view.signIn, keepSignedIn: true } }),
    'identifier-first': (view) => ({ signIn: { ...view.signIn, identifierFirst: true } }),
    'many-names': (view) => ({ signIn: { ...view.signIn, names: ['username', 'email', 'phone_number'] } }),
    phone: (view) => ({ signIn: { ...view.signIn, names: ['phone_number'] } }),
    refused: () => ({ ...kept, failure: { message: 'trigger.refused', field: null, params: {} } }),
    long: (view) => ({
      ...failed('signin.failed', null),
      values: { username: LONG_NAME },
      frame: {
        ...view.frame,
        appName: 'Genossenschaftliche Buchhandlungsverwaltung Donaudampfschifffahrt',
        host: 'anmeldung.genossenschaftliche-buchhandlungen.donaudampfschifffahrt.example',
      },
    }),
  },
  password: {
    fresh: () => ({}),
    'field-error': () => failed('password.empty', 'password'),
    'form-error': () => failed('signin.failed', null),
    throttled: () => failed('signin.throttled', null, { minutes: 1 }),
    long: () => ({ values: { username: LONG_NAME } }),
  },
  'sign-up': {
    fresh: () => ({}),
    'field-error': () => ({ values: { username: 'ines', name: 'Inés' }, ...failed('identifier.format', 'username') }),
    short: () => ({ ...kept, ...failed('newpassword.short', 'password', { min: 15 }) }),
    rules: () => ({ passwordRules: COGNITO_RULES }),
    domain: () => ({ ...kept, ...failed('signup.domain', 'username') }),
    closed: (view) => ({
      signIn: { ...view.signIn, signUpOpen: false },
      signUp: { ...view.signUp, owner: 'help@fjordbooks.example' },
    }),
    username: (view) => ({ signUp: { ...view.signUp, nameKind: 'username' }, ...failed('signup.taken', 'username') }),
    refused: () => ({
      failure: { message: 'trigger.refused', field: null, params: {}, text: 'Members of the shop only.' },
    }),
  },
  'confirm-sign-up': CODE_STATES,
  'confirm-account': CODE_STATES,
  'forgot-password': {
    fresh: () => ({}),
    'field-error': () => failed('identifier.empty', 'username'),
    throttled: () => failed('request.throttled', null, { minutes: 5 }),
  },
  'reset-code': CODE_STATES,
  'reset-password': PASSWORD_STATES,
  'new-password': PASSWORD_STATES,
  'missing-attributes': {
    fresh: () => ({}),
    'field-error': () => failed('attribute.missing', 'birthdate', { attribute: 'birthdate' }),
    'custom-error': () => failed('attribute.format', 'custom:team'),
  },
  'change-password': {
    ...PASSWORD_STATES,
    'current-error': () => failed('signin.failed', 'current'),
    same: () => failed('newpassword.same', 'password'),
  },
  consent: {
    fresh: () => ({}),
    'required-only': (view) => ({ consent: view.consent && { ...view.consent, optional: [] } }),
  },
  done: { fresh: () => ({}) },
}

type OtherKind = Exclude<PageModel['kind'], 'flow'>

const AT = '2031-05-04T14:32:10.000Z'

const problem =
  (name: string, status: 400 | 403 | 404 | 429 | 500 | 503 = 400) =>
  (frame: PageFrame): PageModel => ({
    kind: 'problem',
    problem: {
      frame,
      status,
      problem: name,
      reference: '7F3K-92QD',
      at: AT,
      details: null,
      next: { href: '#', label: 'startAgain' },
    },
  })

const LINK_FIELDS = { link: 'bGluayB0b2tlbg' }

/** Every state of the pages outside a journey's steps. */
export const OTHER_STATES: Readonly<Record<OtherKind, Readonly<Record<string, (frame: PageFrame) => PageModel>>>> = {
  problem: {
    appSetup: (frame) => ({
      kind: 'problem',
      problem: {
        frame,
        status: 400,
        problem: 'appSetup',
        reference: '7F3K-92QD',
        at: AT,
        details: {
          error: 'redirect_uri_mismatch',
          received: 'http://localhost:3000/callback?with=a-long-query-that-has-to-wrap-somewhere',
          registered: 'http://localhost:3000/cb',
        },
        next: null,
      },
    }),
    expired: problem('expired'),
    used: problem('used'),
    cancelled: problem('cancelled'),
    cookies: problem('cookies'),
    throttled: problem('throttled', 429),
    maintenance: problem('maintenance', 503),
    unexpected: problem('unexpected', 500),
    notFound: problem('notFound', 404),
    badRequest: problem('badRequest'),
  },
  leave: { fresh: (frame) => ({ kind: 'leave', frame, href: '/preview/done/fresh' }) },
  'sign-out': { fresh: (frame) => ({ kind: 'sign-out', frame, action: '#', fields: { xsrf: 'eHNyZg' } }) },
  'signed-out': {
    fresh: (frame) => ({ kind: 'signed-out', frame, next: null }),
    next: (frame) => ({ kind: 'signed-out', frame, next: 'https://fjordbooks.example/' }),
  },
  link: {
    'sign-up': (frame) => ({
      kind: 'link',
      frame,
      purpose: 'sign-up',
      destination: 'i•••@example.com',
      fields: LINK_FIELDS,
      failure: null,
    }),
    recovery: (frame) => ({
      kind: 'link',
      frame,
      purpose: 'recovery',
      destination: 'i•••@example.com',
      fields: LINK_FIELDS,
      failure: null,
    }),
    spent: (frame) => ({
      kind: 'link',
      frame,
      purpose: 'sign-up',
      destination: '',
      fields: {},
      failure: { message: 'link.unusable', params: {}, field: null },
    }),
  },
  'link-done': {
    'sign-up': (frame) => ({ kind: 'link-done', frame, purpose: 'sign-up', signIn: '#' }),
    recovery: (frame) => ({ kind: 'link-done', frame, purpose: 'recovery', signIn: null }),
  },
  'form-post': {
    fresh: (frame) => ({ kind: 'form-post', frame, action: '#', fields: { code: 'Y29kZQ', state: 'c3RhdGU' } }),
  },
}

/** The fixture at `/preview/{kind}/{state}`; null where there is none. */
export const fixtureOf = (kind: string, state: string, locale: Locale, assets: FixtureAssets): PageModel | null => {
  const frame = frameOf(locale, assets)
  const change = kind in FLOW_STATES ? FLOW_STATES[kind as FlowStep][state] : undefined
  if (change) {
    const view = viewOf(kind as FlowStep, frame)
    return { kind: 'flow', view: { ...view, ...change(view) } }
  }
  return kind in OTHER_STATES ? (OTHER_STATES[kind as OtherKind][state]?.(frame) ?? null) : null
}

/** All addresses of the preview, without language. */
export const FIXTURE_PATHS: readonly string[] = Object.entries({ ...FLOW_STATES, ...OTHER_STATES }).flatMap(
  ([kind, states]) => Object.keys(states).map((state) => `/preview/${kind}/${state}`),
)
