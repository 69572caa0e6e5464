import type { ReactNode } from 'react'
import type { PageFrame } from '#core/flows/flow-view.ts'

const COLOR_SCHEME = { auto: 'light dark', light: 'light', dark: 'dark' } as const

/** The document around every page: head, language, direction, colour mode. Nothing in it comes from another origin. */
export const Document = ({
  frame,
  title,
  page,
  state,
  refresh,
  children,
}: {
  frame: PageFrame
  title: string
  /** `data-page`: stable names that stylesheets may select. */
  page: string
  state: string
  /** Address to go to at once (`<meta http-equiv="refresh">`). */
  refresh?: string
  children: ReactNode
}) => (
  <html lang={frame.locale} dir={frame.dir} data-color-mode={frame.theme.colorMode} data-layout={frame.theme.layout}>
    <head>
      <meta charSet="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      {refresh === undefined ? null : <meta httpEquiv="refresh" content={`0;url=${refresh}`} />}
      <title>{title}</title>
      <meta name="robots" content="noindex" />
      <meta name="color-scheme" content={COLOR_SCHEME[frame.theme.colorMode]} />
      <ThemeColor theme={frame.theme} />
      <link rel="icon" href={frame.theme.favicon} />
      <link rel="stylesheet" href={frame.assets.css} />
      <link rel="stylesheet" href={frame.theme.stylesheet} />
      <script type="module" src={frame.assets.script} nonce={frame.nonce} />
    </head>
    <body
      className="portico-page background-customizable"
      data-page={page}
      data-state={state}
      data-client={frame.clientId ?? undefined}
    >
      {children}
    </body>
  </html>
)

const ThemeColor = ({ theme: { colorMode, themeColor } }: { theme: PageFrame['theme'] }) => {
  if (colorMode !== 'auto') return <meta name="theme-color" content={themeColor[colorMode]} />
  return (
    <>
      <meta name="theme-color" media="(prefers-color-scheme: light)" content={themeColor.light} />
      <meta name="theme-color" media="(prefers-color-scheme: dark)" content={themeColor.dark} />
    </>
  )
}
