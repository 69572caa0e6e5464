/** What a mail says, before it is text or HTML. All of it plain text; the renderers escape. */
export interface MailContent {
  subject: string
  /** Shown by mail programs beside the subject. */
  preheader: string
  heading: string
  intro: string
  /** As it is typed, without a space. */
  code: string | null
  details: readonly { label: string; value: string; isSecret?: boolean }[]
  /** Short sentences below the code or the details. */
  remarks: readonly string[]
  /** The one thing to do; `href` is absolute. */
  action: { label: string; href: string } | null
  /** A second way, as a line of text and an address. */
  further: { label: string; href: string } | null
  reason: string
  notYou: string
}
