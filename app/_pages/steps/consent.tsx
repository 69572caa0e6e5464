import { scopeMeaning } from '#app/_lib/scope-meaning.ts'
import { Tick } from '../field.tsx'
import { StepForm } from '../form.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'

/** What the app needs, what it may also have, what it never gets. Both answers are the same size. */
export const Consent = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const app = view.frame.appName
  const { consent } = view
  if (consent === null) return null
  return (
    <StepPage scene={scene} title={t('consent.title', { app })}>
      <p className="portico-lede textDescription-customizable">
        {t.rich('consent.publisher', { host: <bdi dir="ltr">{consent.publisherHost}</bdi> })}
      </p>
      <StepForm scene={scene}>
        <div className="portico-consent">
          <h2 className="portico-subtitle">{t('consent.required', { app })}</h2>
          <ul>
            {consent.required.map((asked) => (
              <li key={asked.scope}>{scopeMeaning(asked, scene.t)}</li>
            ))}
          </ul>
          {consent.optional.length === 0 ? null : (
            <fieldset>
              <legend className="portico-subtitle">{t('consent.optional', { app })}</legend>
              {consent.optional.map((asked) => (
                <Tick
                  key={asked.scope}
                  scene={scene}
                  name="scope"
                  value={asked.scope}
                  label={scopeMeaning(asked, scene.t)}
                />
              ))}
            </fieldset>
          )}
          <p>{t('consent.notShared', { app })}</p>
        </div>
        <div className="portico-choice">
          <button type="submit" name="decision" value="allow" className="portico-submit submitButton-customizable">
            {t('consent.allow')}
          </button>
          <button type="submit" name="decision" value="cancel" className="portico-row">
            {t('page.cancel')}
          </button>
        </div>
      </StepForm>
      <ConsentLinks scene={scene} />
    </StepPage>
  )
}

const ConsentLinks = ({ scene: { t, view, hrefOf } }: { scene: Scene }) => {
  const app = view.frame.appName
  const link = (
    <a className="portico-link" href={hrefOf('sign-in')}>
      {t('consent.notYou')}
    </a>
  )
  const name = <bdi className="portico-name">{view.consent?.signedInAs}</bdi>
  return (
    <div className="portico-alt">
      <p>{t.rich('consent.signedInAs', { name, link })}</p>
      <p className="portico-actions">
        {(['privacy', 'terms'] as const).map((kind) => {
          const href = view.consent?.[kind]
          return href ? (
            <a key={kind} className="portico-link" href={href}>
              {t(`consent.${kind}`, { app })}
            </a>
          ) : null
        })}
      </p>
    </div>
  )
}
