import type { ReactNode } from 'react'
import type { Translator } from '#app/_lib/i18n.ts'
import type { PageFrame } from '#core/flows/flow-view.ts'
import { Breakable } from './breakable.tsx'
import { Seal } from './seal.tsx'

/** Who is asking: brand, where the person is in the journey, and the host name people learn to check. */
export const Rail = ({
  frame,
  steps,
  current,
  nav = null,
  t,
}: {
  frame: PageFrame
  steps: readonly string[]
  current: number
  /** Where else there is to go; pages of a journey have steps instead. */
  nav?: ReactNode
  t: Translator
}) => (
  <header className="portico-rail banner-customizable">
    <div className="portico-rail-view">
      <div className="portico-brand">
        <Logo frame={frame} />
        <bdi>{frame.appName}</bdi>
      </div>
      {steps.length > 1 ? (
        <ol className="portico-steps" aria-label={t('page.steps')}>
          {steps.map((key, index) => (
            <li key={key} aria-current={index === current ? 'step' : undefined}>
              <StepName name={key} frame={frame} t={t} />
            </li>
          ))}
        </ol>
      ) : null}
      {nav}
      <div className="portico-figure">
        <Seal id="portico-seal" src={frame.theme.sealFigure} />
      </div>
      {frame.isTestPool ? <p className="portico-test-pool">{t('page.testPool')}</p> : null}
      <p className="portico-host">
        <bdi dir="ltr">
          <Breakable text={frame.host} />
        </bdi>
      </p>
    </div>
  </header>
)

/** The name is beside it, so the picture's own text would be read twice: it speaks only where it says something else. */
const Logo = ({ frame: { theme, appName } }: { frame: PageFrame }) => {
  const { logo, colorMode } = theme
  // Cognito's class is for a logo: the size that a stylesheet gives one would shrink the seal.
  if (logo === null) return <Seal className="portico-mark" id="portico-mark" src={theme.sealMark} />
  const src = colorMode === 'dark' ? (logo.darkSrc ?? logo.src) : logo.src
  return (
    <picture>
      {colorMode === 'auto' && logo.darkSrc !== null ? (
        <source media="(prefers-color-scheme: dark)" srcSet={logo.darkSrc} />
      ) : null}
      <img className="portico-logo logo-customizable" src={src} alt={logo.alt === appName ? '' : logo.alt} />
    </picture>
  )
}

const StepName = ({ name, frame, t }: { name: string; frame: PageFrame; t: Translator }) => {
  const key = `rail.${name}`
  return t.has(key) ? t(key, { app: frame.appName }) : name
}
