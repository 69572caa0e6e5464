import { AttributeField } from '../attribute-field.tsx'
import { StepForm, Submit } from '../form.tsx'
import { ArrowIcon } from '../icons.tsx'
import type { Scene } from '../scene.ts'
import { StepPage } from '../step-page.tsx'

/** What the pool requires and the account lacks: after a forced new password, or since the pool's schema grew. */
export const MissingAttributes = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  return (
    <StepPage scene={scene} title={t('missingAttributes.title')}>
      <p className="portico-lede textDescription-customizable">
        {t('missingAttributes.lede', { app: view.frame.appName })}
      </p>
      <StepForm scene={scene}>
        {view.missing.map((attribute, index, all) => (
          <AttributeField key={attribute.name} scene={scene} attribute={attribute} last={index === all.length - 1} />
        ))}
        <Submit>{t('missingAttributes.submit')}</Submit>
      </StepForm>
    </StepPage>
  )
}

/** The journey is over and its last page was asked for again. The empty form carries the language switch. */
export const Done = ({ scene }: { scene: Scene }) => {
  const { t, view } = scene
  const app = view.frame.appName
  return (
    <StepPage scene={scene} title={t('done.title')}>
      <p className="portico-lede textDescription-customizable">{t('done.lede', { app })}</p>
      <StepForm scene={scene}>{null}</StepForm>
      <a className="portico-submit submitButton-customizable" href={view.completeUrl}>
        <span>{t('page.continueTo', { app })}</span>
        <ArrowIcon />
      </a>
    </StepPage>
  )
}
