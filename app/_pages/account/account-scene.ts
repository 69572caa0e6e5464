import { failureText } from '#app/_lib/failure-text.ts'
import { type Translator, translatorOf } from '#app/_lib/i18n.ts'
import type { AccountPage } from '#core/account/account-places.ts'
import type { AccountContent, AccountView } from '#core/account/account-view.ts'
import type { PageFrame } from '#core/flows/flow-view.ts'
import type { PageError } from '../scene.ts'

/** What every part of an account page is handed. */
export interface AccountScene {
  frame: PageFrame
  view: AccountView
  t: Translator
  error: PageError | null
  idOf: (name: string) => string
  hrefOf: (page: AccountPage) => string
  /** The page that asks for a fresh proof, and comes back. */
  confirmHref: string
  /** A moment, as people say it. */
  moment: (iso: string) => string
  day: (iso: string) => string
}

/** The scene of one page, with what it holds. */
export type PageScene<Page extends AccountPage> = AccountScene & { content: Extract<AccountContent, { page: Page }> }

/** Fields that a failure may point at, by page. */
const FIELDS: Readonly<Partial<Record<AccountPage, readonly string[]>>> = {
  password: ['current', 'password'],
  email: ['email', 'code'],
  phone: ['phone_number', 'code'],
}

const formats = (locale: string, timeZone: string) => {
  // Codes and addresses are written with European digits in every language, so the numbers around them are too.
  const tag = `${locale}-u-nu-latn`
  // The zone is said: it is the person's `zoneinfo`, or UTC, and the server cannot know which clock hangs on their wall.
  const moment = new Intl.DateTimeFormat(tag, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  })
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone })
  return { moment: (iso: string) => moment.format(new Date(iso)), day: (iso: string) => day.format(new Date(iso)) }
}

export const accountSceneOf = (frame: PageFrame, view: AccountView): AccountScene => {
  const t = translatorOf(frame.locale)
  const idOf = (name: string) => `account-${name}`
  const { failure, page } = view
  const known = FIELDS[page] ?? []
  const field = failure?.field != null && (page === 'profile' || known.includes(failure.field)) ? failure.field : null
  const rules =
    view.content.page === 'password' && view.content.rules !== null ? { min: view.content.rules.minLength } : {}
  const params = { kind: page === 'password' ? 'current' : page === 'phone' ? 'phone_number' : 'email', ...rules }
  return {
    frame,
    view,
    t,
    error: failure && {
      text: failureText(failure, frame, t, params),
      field,
      target: field === null ? null : idOf(field),
    },
    idOf,
    hrefOf: (to) => `${frame.base}/account${to === 'overview' ? '' : `/${to}`}`,
    confirmHref: `${frame.base}/account/confirm?for=${page}`,
    ...formats(frame.locale, view.timeZone),
  }
}
