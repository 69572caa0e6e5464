import { Reference } from '../reference.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'

/** A sign-in that was stopped: what to do, and a reference; no score and no rule. */
export const Blocked = ({ scene }: { scene: Scene }) => {
  const { t, view, hrefOf } = scene
  const { owner } = view.signUp
  const app = view.frame.appName
  return (
    <StepPage scene={scene} title={t('blocked.title')}>
      <p className="portico-lede textDescription-customizable">{t('blocked.lede')}</p>
      <ul className="portico-list">
        <li>{t('blocked.usual')}</li>
        <li>{t('blocked.reset')}</li>
        <li>{owner === null ? t('blocked.helpNobody', { app }) : t('blocked.help', { support: owner })}</li>
      </ul>
      <div className="portico-alt portico-actions">
        <a className="portico-link" href={hrefOf('forgot-password')}>
          {t('signIn.forgot')}
        </a>
        <a className="portico-link" href={hrefOf('sign-in')}>
          {t('forgotPassword.back')}
        </a>
      </div>
      <dl className="portico-facts">
        <Reference t={t} id={view.blocked?.reference ?? ''} />
      </dl>
    </StepPage>
  )
}
