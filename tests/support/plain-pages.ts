import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccountPage } from '#core/account/account-places.ts'
import type { AccountView } from '#core/account/account-view.ts'
import type { FlowStep, FlowView, PageFrame } from '#core/flows/flow-view.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { contextOf } from '#core/shared/request-context.ts'
import type { House } from '#server/house.ts'
import type { Journeys } from '#server/journeys.ts'

/**
 * The hosted pages without Next and without words: the same forms, fields and steps, drawn as bare HTML from the same
 * views. Tests of the protocol use them, so that they need no build; what people see is proved in a browser.
 */

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
const input = (name: string, type = 'text', value = ''): string =>
  `<input type="${type}" name="${escaped(name)}" value="${escaped(value)}">`
const hidden = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => input(name, 'hidden', value))
    .join('')
const button = (label: string, name = '', value = ''): string =>
  `<button${name === '' ? '' : ` name="${name}" value="${value}"`}>${escaped(label)}</button>`

/** What the page's script is given, where a test reads it, and the field it fills. */
const passkeyControls = (passkey: FlowView['passkey'], submit: string): string => {
  if (passkey === null) return ''
  const given = passkey.act === 'made' ? passkey.signal : passkey.options
  return `<code id="passkey">${escaped(given)}</code>${input('credential', 'hidden')}${submit}`
}

/** Controls of each step, by the names the engine reads. */
const CONTROLS: Readonly<Record<FlowStep, (view: FlowView) => string>> = {
  'sign-in': ({ values, passkey, asksForPasskeys }) =>
    input('username', 'text', values.username) +
    input('password', 'password') +
    (asksForPasskeys ? input('_passkeys', 'hidden') : '') +
    button('Sign in') +
    passkeyControls(passkey, button('Sign in with a passkey', '_intent', 'passkey')),
  'link-account': () => button('Confirm it’s you') + button('Keep separate', '_intent', 'separate'),
  'connect-provider': () => button('Connect') + button('Keep separate', '_intent', 'separate'),
  'choose-method': ({ signIn }) => signIn.methods.map((method) => button(method, 'way', method)).join(''),
  password: () => input('password', 'password') + button('Sign in'),
  'sign-in-code': () =>
    input('code') +
    button('Sign in') +
    button('Send a new code', '_intent', 'resend') +
    button('Try another way', '_intent', 'another'),
  'sign-up': ({ values, signUp, signIn }) =>
    input('username', 'text', values.username) +
    signUp.fields.map(({ name }) => input(name, 'text', values[name])).join('') +
    (signIn.methods.includes('password') ? input('password', 'password') : '') +
    button('Create account'),
  'confirm-sign-up': () => input('code') + button('Confirm') + button('Send a new code', '_intent', 'resend'),
  'confirm-account': () => input('code') + button('Confirm') + button('Send a new code', '_intent', 'resend'),
  'forgot-password': ({ values }) => input('username', 'text', values.username) + button('Continue'),
  'reset-code': () => input('code') + button('Confirm') + button('Send a new code', '_intent', 'resend'),
  'reset-password': () => input('password', 'password') + button('Save'),
  'new-password': () => input('password', 'password') + button('Save'),
  'choose-factor': ({ challenge }) =>
    (challenge?.factors ?? []).map(({ id, kind }) => button(kind, 'factor', id)).join('') +
    button('Use a recovery code', '_intent', 'recovery'),
  passkey: ({ passkey }) =>
    passkeyControls(passkey, button('Continue')) +
    button('Try another way', '_intent', 'another') +
    button('Use a recovery code', '_intent', 'recovery'),
  'few-codes': () => button('Make new codes') + button('Not now', '_intent', 'later'),
  'lost-factor': () =>
    button('Use a recovery code', '_intent', 'recovery') +
    button('Start waiting', '_intent', 'wait') +
    button('Remove my second step', '_intent', 'replace') +
    button('Try another way', '_intent', 'another'),
  'factor-code': () =>
    input('code') +
    button('Confirm') +
    button('Send a new code', '_intent', 'resend') +
    button('Try another way', '_intent', 'another'),
  totp: () =>
    input('code') +
    button('Continue') +
    button('Try another way', '_intent', 'another') +
    button('Use a recovery code', '_intent', 'recovery'),
  'recovery-code': () => input('code') + button('Continue') + button('Try another way', '_intent', 'another'),
  'enrol-factor': ({ challenge }) => (challenge?.mayEnrol ?? []).map((kind) => button(kind, 'kind', kind)).join(''),
  'enrol-contact': ({ enrolment, values }) => {
    const name = enrolment?.kind === 'contact' && enrolment.channel === 'sms' ? 'phone_number' : 'email'
    return input(name, 'text', values[name]) + button('Send code')
  },
  'enrol-contact-code': () => input('code') + button('Turn on') + button('Send a new code', '_intent', 'resend'),
  'enrol-totp': ({ enrolment }) =>
    `<code id="key">${enrolment?.kind === 'totp' ? escaped(enrolment.key) : ''}</code>${input('code')}${button('Turn on')}`,
  'enrol-passkey': ({ passkey }) => passkeyControls(passkey, button('Continue')),
  'recovery-codes': ({ enrolment }) =>
    `<ol id="codes">${enrolment?.kind === 'recovery-codes' ? enrolment.codes.map((code) => `<li>${escaped(code)}</li>`).join('') : ''}</ol><input type="checkbox" name="saved" value="on">${button('Continue')}`,
  blocked: ({ blocked }) =>
    `<p id="reference">${escaped(blocked?.reference ?? '')}</p>${button('Back', '_intent', 'cancel')}`,
  'missing-attributes': ({ missing }) => missing.map(({ name }) => input(name)).join('') + button('Continue'),
  'change-password': () => input('current', 'password') + input('password', 'password') + button('Save'),
  'offer-passkey': ({ passkey }) =>
    passkeyControls(passkey, button('Continue')) + button('Not now', '_intent', 'later'),
  consent: ({ consent }) =>
    (consent?.optional ?? [])
      .map(({ scope }) => `<input type="checkbox" name="scope" value="${escaped(scope)}" checked>`)
      .join('') +
    button('Allow', 'decision', 'allow') +
    button('Cancel', 'decision', 'cancel'),
  done: () => '',
}

const flowBody = (view: FlowView): string => `<h1>${view.step}</h1>
<p id="failure">${escaped(view.failure?.message ?? '')}</p>
<form method="post">${hidden({ _step: view.stepToken })}${CONTROLS[view.step](view)}</form>
<a href="sign-in">sign-in</a> <a href="sign-up">sign-up</a> <a href="forgot-password">forgot-password</a>`

/** The footer's switch of pages outside a journey. */
const languageForm = ({ here, base }: PageFrame): string =>
  here === null
    ? ''
    : `<form method="post" action="${base}/language">${hidden({ back: here })}${input('lang')}${button('Change')}</form>`

/** Fields and buttons of the account's pages: every act of a page in one form. */
const ACCOUNT: Readonly<Record<AccountPage, readonly [fields: readonly string[], acts: readonly string[]]>> = {
  overview: [[], []],
  methods: [
    ['id', 'name', 'kind'],
    ['remove', 'rename', 'prefer', 'codes'],
  ],
  password: [['current', 'password'], ['change']],
  sessions: [['id'], ['end', 'end-others', 'forget']],
  profile: [['name', 'given_name', 'email', 'email_verified', 'custom:rank', 'website'], ['save']],
  email: [
    ['email', 'code'],
    ['start', 'confirm', 'drop'],
  ],
  phone: [
    ['phone_number', 'code'],
    ['start', 'confirm', 'drop'],
  ],
  activity: [['id'], ['disown']],
  disowned: [[], []],
  apps: [['id'], ['revoke']],
  connections: [
    ['key', 'provider'],
    ['unlink', 'connect'],
  ],
  data: [[], ['export']],
  preferences: [['locale'], ['save']],
  delete: [[], ['delete']],
}

const accountBody = ({ page, formToken, failure, notice, isFresh, content, values }: AccountView): string => {
  const [fields, acts] = ACCOUNT[page]
  return `<h1>account ${page}</h1><p id="failure">${escaped(failure?.message ?? '')}</p><p id="notice">${escaped(notice ?? '')}</p>
<p id="fresh">${isFresh}</p><pre id="content">${escaped(JSON.stringify(content))}</pre>
<form method="post">${hidden({ _token: formToken })}${fields.map((name) => input(name, 'text', values[name])).join('')}${acts
    .map((act) => button(act, '_intent', act))
    .join('')}</form>`
}

const bodyOf = (model: PageModel): string => {
  switch (model.kind) {
    case 'flow':
      return flowBody(model.view)
    case 'account':
      return accountBody(model.view)
    case 'problem':
      return `<h1>problem ${escaped(model.problem.problem)}</h1><p id="reference">${escaped(model.problem.reference)}</p><p id="details">${escaped(Object.values(model.problem.details ?? {}).join(' '))}</p>${
        model.problem.next === null
          ? ''
          : `<a href="${escaped(model.problem.next.href)}">${model.problem.next.label}</a>`
      }${languageForm(model.problem.frame)}`
    case 'leave':
      return `<meta http-equiv="refresh" content="0;url=${escaped(model.href)}"><a href="${escaped(model.href)}">Continue</a>`
    case 'sign-out': {
      const { logout: _, ...rest } = model.fields
      return `<h1>sign-out</h1><form method="post" action="${escaped(model.action)}">${hidden(rest)}<input type="checkbox" name="everywhere" value="on"${model.everywhere ? ' checked' : ''}>${input('lang')}${button('Sign out', 'logout', 'yes')}${button('Stay signed in')}${button('Change', '_intent', 'language')}</form>`
    }
    case 'signed-out':
      return `<h1>signed-out${model.everywhere ? ' everywhere' : ''}</h1>${languageForm(model.frame)}${model.next === null ? '' : `<a href="${escaped(model.next)}">Continue</a>`}`
    case 'link':
      return `<h1>link ${model.purpose}</h1><p id="failure">${escaped(model.failure?.message ?? '')}</p>${
        model.failure === null ? `<form method="post">${hidden(model.fields)}${button('Confirm')}</form>` : ''
      }`
    case 'sign-in-question':
      return `<h1>sign-in-question ${model.isBlocked ? 'blocked' : 'completed'}</h1><p>${escaped([model.place, model.device].join(' | '))}</p><form method="post">${hidden(model.fields)}${button('Yes', 'answer', 'yes')}${button('No', 'answer', 'no')}</form>`
    case 'sign-in-answered':
      return `<h1>sign-in-answered ${model.value}</h1><a href="${escaped(model.newPassword)}">New password</a>`
    case 'sign-in-link':
      return `<h1>sign-in-link</h1><form method="post" action="${escaped(model.action)}">${hidden(model.fields)}${button('Sign in')}</form>`
    case 'link-done':
      return `<h1>link-done ${model.purpose}</h1>`
    case 'depart':
    case 'form-post':
      return `<h1>${model.kind}</h1><form method="post" action="${escaped(model.action)}">${hidden(model.fields)}${button('Continue')}</form>`
  }
}

const frameOf = (model: PageModel) =>
  model.kind === 'flow' ? model.view.frame : model.kind === 'problem' ? model.problem.frame : model.frame

export const plainPage = async (model: PageModel): Promise<string> =>
  `<!doctype html><html lang="${frameOf(model).locale}" dir="${frameOf(model).dir}"><head><title>${model.kind}</title></head><body>${bodyOf(model)}</body></html>`

const formOf = async (req: IncomingMessage): Promise<Record<string, string | string[]>> => {
  const form: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(Buffer.concat(await req.toArray()).toString())) {
    const known = form[name]
    form[name] = known === undefined ? value : [known, value].flat()
  }
  return form
}

/** The pages behind the links of mails; `form` where one was posted. */
const linkAnswer = (
  journeys: Journeys,
  place: string | undefined,
  form: Record<string, string | string[]> | null,
  asked: Parameters<Journeys['showLink']>[0],
) => {
  switch (place) {
    case 'wasThisYou':
      return form === null ? journeys.showQuestion(asked) : journeys.submitQuestion({ ...asked, form })
    case 'factorRecovery':
      return form === null ? journeys.showRecoveryLink(asked) : journeys.submitRecoveryLink({ ...asked, form })
    case 'signInLink':
      return journeys.showSignInLink(asked)
    default:
      return form === null ? journeys.showLink(asked) : journeys.submitLink({ ...asked, form })
  }
}

/** Takes the place of Next's handler: the routes of `app/[pool]`, over the same published functions. */
export const plainRoutes =
  (house: () => House) =>
  async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { journeys } = house().published
    const url = new URL(req.url ?? '/', 'http://localhost')
    const [, poolId = '', place, flowId = '', step] = url.pathname.split('/')
    const asked = {
      poolId,
      headers: req.headers,
      context: contextOf(req.headers),
      nonce: randomBytes(16).toString('base64'),
    }
    const show = async (model: PageModel, status: number) =>
      void res
        .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
        .end(await plainPage(model))

    const isPost = req.method === 'POST'
    const answer =
      place === 'flow'
        ? isPost
          ? await journeys.submit({ ...asked, flowId, step: step as FlowStep, form: await formOf(req) })
          : await journeys.page({ ...asked, flowId, step: (step as FlowStep | undefined) ?? null })
        : await linkAnswer(journeys, place, isPost ? await formOf(req) : null, {
            ...asked,
            token: url.searchParams.get('token') ?? '',
          })
    if (answer === null) return void res.writeHead(404).end()
    if ('model' in answer) return show(answer.model, 'status' in answer ? answer.status : 200)
    if (answer.kind === 'redirect')
      return void res.writeHead(303, { location: answer.to, 'cache-control': 'no-store' }).end()
    return answer.kind === 'problem'
      ? show(answer, answer.problem.status)
      : show({ kind: 'flow', view: answer.view }, 200)
  }
