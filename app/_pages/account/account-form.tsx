import type { ReactNode } from 'react'
import { HiddenFields } from '../form.tsx'
import type { AccountScene } from './account-scene.ts'

/** A form of an account page: posts to the page it stands on, with the token of this session. */
export const AccountForm = ({
  scene,
  fields = {},
  quiet = false,
  children,
}: {
  scene: AccountScene
  fields?: Readonly<Record<string, string>>
  /** A button in a list, not the page's own form. */
  quiet?: boolean
  children: ReactNode
}) => (
  <form
    method="post"
    action={scene.hrefOf(scene.view.page)}
    noValidate
    className={quiet ? 'portico-inline' : 'portico-form'}
  >
    <HiddenFields fields={{ _token: scene.view.formToken, ...fields }} />
    {children}
  </form>
)

/** A button of a list: says what it does, and for a screen reader to what. */
export const ListButton = ({ intent, of, children }: { intent: string; of: string; children: ReactNode }) => (
  <button type="submit" name="_intent" value={intent} className="portico-quiet">
    {children}
    <span className="sr-only"> {of}</span>
  </button>
)

/** The page's main action. */
export const IntentSubmit = ({ intent, children }: { intent: string; children: ReactNode }) => (
  <button type="submit" name="_intent" value={intent} className="portico-submit submitButton-customizable">
    <span>{children}</span>
  </button>
)

/** What a page shows before a sensitive act to who proved themselves too long ago. */
export const ConfirmFirst = ({ scene: { t, confirmHref } }: { scene: AccountScene }) => (
  <div className="portico-gate">
    <p>{t('account.confirmFirst')}</p>
    <a className="portico-submit submitButton-customizable" href={confirmHref}>
      <span>{t('account.confirm')}</span>
    </a>
  </div>
)

/** A part of a page, with its heading. */
export const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="portico-section">
    <h2 className="portico-subtitle">{title}</h2>
    {children}
  </section>
)

/** Facts about one thing in a list. */
export const Facts = ({ items }: { items: readonly (readonly [string, ReactNode] | null)[] }) => (
  <dl className="portico-card-facts">
    {items.map((item) =>
      item === null ? null : (
        <div key={item[0]}>
          <dt>{item[0]}</dt>
          <dd>{item[1]}</dd>
        </div>
      ),
    )}
  </dl>
)
