import type { AccountView } from '../account/account-view.ts'
import type { FeedbackValue } from '../risk/index.ts'
import type { FlowView, PageFrame, ProblemView, ShownFailure } from './flow-view.ts'

/** What a link in a message is for. */
export type LinkPurpose = 'sign-up' | 'recovery' | 'factor-recovery' | 'contact-undo' | 'deletion-undo'

/** Every page the server may want drawn. One port, `Pages.show(model, req, res)`, and one internal route draw them all. */
export type PageModel =
  | { kind: 'flow'; view: FlowView }
  | { kind: 'problem'; problem: ProblemView }
  /** A page of the signed-in person's own account. */
  | { kind: 'account'; frame: PageFrame; view: AccountView }
  /** The journey's last answer: 200 with a meta refresh to `href`, which finishes the interaction (form-action 'self'). */
  | {
      kind: 'leave'
      frame: PageFrame
      href: string
      /** What people call the identity provider it leaves for; absent: back to the app. */
      to?: string
    }
  /** "Sign out of {pool}?": posts `fields` to `action`. `everywhere`: all devices are ticked. */
  | {
      kind: 'sign-out'
      frame: PageFrame
      action: string
      fields: Readonly<Record<string, string>>
      everywhere: boolean
    }
  | { kind: 'signed-out'; frame: PageFrame; next: string | null; everywhere: boolean }
  /** Landing of a link from a mail: a button, because mail scanners open links. */
  | {
      kind: 'link'
      frame: PageFrame
      purpose: LinkPurpose
      /** Masked address the link proves. */
      destination: string
      fields: Readonly<Record<string, string>>
      failure: ShownFailure | null
    }
  /**
   * Landing of a link that signs in: which app and browser asked, and a button that posts to the journey. Only the browser
   * that began it goes on.
   */
  | {
      kind: 'sign-in-link'
      frame: PageFrame
      destination: string
      /** Null: the browser did not say. */
      device: string | null
      action: string
      fields: Readonly<Record<string, string>>
    }
  /** The link was used in a browser that holds no journey: the address is confirmed, sign-in happens in the app. */
  | { kind: 'link-done'; frame: PageFrame; purpose: LinkPurpose; signIn: string | null }
  /** Landing of a mail that asks "was this you?": a yes and a no, because mail scanners open links. */
  | {
      kind: 'sign-in-question'
      frame: PageFrame
      /** It was stopped; else it went through. */
      isBlocked: boolean
      /** ISO 8601. */
      at: string
      /** Roughly, in the page's language; null: not known. */
      place: string | null
      /** Browser and system; null: not known. */
      device: string | null
      fields: Readonly<Record<string, string>>
    }
  | { kind: 'sign-in-answered'; frame: PageFrame; value: FeedbackValue; newPassword: string }
  /** On the way to an identity provider that wants a form (SAML HTTP-POST binding); script submits it, the button serves without. */
  | { kind: 'depart'; frame: PageFrame; provider: string; action: string; fields: Readonly<Record<string, string>> }
  /** OAuth 2.0 Form Post Response Mode, SAML's HTTP-POST. `action` is a registered address; script submits it, the button serves without. */
  | {
      kind: 'form-post'
      frame: PageFrame
      action: string
      fields: Readonly<Record<string, string>>
      /** Whoever takes the form may send the browser on to another host, as service providers of SAML do. */
      leadsOn?: boolean
    }
