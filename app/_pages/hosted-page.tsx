import type { ReactNode } from 'react'
import type { Translator } from '#app/_lib/i18n.ts'
import type { PageFrame } from '#core/flows/flow-view.ts'
import { Document } from './document.tsx'
import { Footer } from './footer.tsx'
import { Rail } from './rail.tsx'
import { Summary } from './summary.tsx'

export interface HostedPageProps {
  frame: PageFrame
  t: Translator
  page: string
  state?: string
  title: string
  error?: { text: string; target: string | null } | null
  notice?: string | null
  steps?: readonly string[]
  current?: number
  /** Id of the page's own form, where it takes the language too and keeps what was typed. */
  languageForm?: string | null
  /** Where else there is to go. */
  nav?: ReactNode
  refresh?: string
  children: ReactNode
}

/** Two leaves joined at a hinge: the rail says who is asking, the column holds what there is to do. */
export const HostedPage = ({
  frame,
  t,
  page,
  state = 'fresh',
  title,
  error = null,
  notice = null,
  steps = [],
  current = 0,
  languageForm = null,
  nav = null,
  refresh,
  children,
}: HostedPageProps) => (
  <Document
    frame={frame}
    page={page}
    state={state}
    title={t(error ? 'page.errorTitle' : 'page.title', { title, app: frame.appName })}
    {...(refresh === undefined ? {} : { refresh })}
  >
    <a className="portico-skip" href="#portico-main">
      {t('page.skip')}
    </a>
    <Rail frame={frame} steps={steps} current={current} nav={nav} t={t} />
    <div className="portico-leaf">
      <main className="portico-main" id="portico-main">
        {error ? <Summary text={error.text} target={error.target} t={t} /> : null}
        {notice === null ? null : (
          <p className="portico-notice" role="status">
            {notice}
          </p>
        )}
        <h1 className="portico-title" tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      <Footer frame={frame} languageForm={languageForm} t={t} />
    </div>
    <p
      className="portico-status"
      id="portico-status"
      role="status"
      data-offline={t('page.offline')}
      data-slow={t('page.slow')}
      data-busy={t('page.busy')}
      data-copied={t('page.copied')}
    />
  </Document>
)
