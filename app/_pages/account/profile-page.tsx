import type { ContactView } from '#core/account/account-view.ts'
import { LOCALES } from '#core/shared/locales.ts'
import { AttributeField } from '../attribute-field.tsx'
import { AccountForm, Facts, IntentSubmit, Section } from './account-form.tsx'
import type { AccountScene, PageScene } from './account-scene.ts'

const Contact = ({
  contact,
  page,
  scene,
}: {
  contact: ContactView | null
  page: 'email' | 'phone'
  scene: AccountScene
}) => {
  const { t, hrefOf } = scene
  return (
    <>
      {contact === null ? (
        t('account.profile.noContact')
      ) : (
        <>
          <bdi dir="ltr">{contact.value}</bdi> {contact.isProven ? '' : t('account.profile.unproven')}
        </>
      )}{' '}
      <a className="portico-link" href={hrefOf(page)}>
        {t('account.profile.change')}
        <span className="sr-only"> {t(`account.title.${page}`)}</span>
      </a>
    </>
  )
}

/** What the person says about themselves, and the addresses that reach them. */
export const ProfilePage = ({ scene }: { scene: PageScene<'profile'> }) => {
  const { t, view, content, frame } = scene
  const attributeScene = { ...scene, view: { values: { ...content.current, ...view.values }, frame } }
  return (
    <>
      <Section title={t('account.profile.reach')}>
        <Facts
          items={[
            [t('account.title.email'), <Contact key="email" contact={content.email} page="email" scene={scene} />],
            [t('account.title.phone'), <Contact key="phone" contact={content.phone} page="phone" scene={scene} />],
          ]}
        />
      </Section>
      <Section title={t('account.profile.about')}>
        <AccountForm scene={scene}>
          {content.fields.map((attribute, at) => (
            <AttributeField
              key={attribute.name}
              scene={attributeScene}
              attribute={attribute}
              last={at === content.fields.length - 1}
            />
          ))}
          <IntentSubmit intent="save">{t('account.save')}</IntentSubmit>
        </AccountForm>
      </Section>
    </>
  )
}

/** The language of the person's pages and mails. */
export const PreferencesPage = ({ scene }: { scene: AccountScene }) => {
  const { t, frame, idOf } = scene
  return (
    <>
      <p className="portico-lede textDescription-customizable">{t('account.preferences.lede')}</p>
      <AccountForm scene={scene}>
        <div className="portico-field">
          <label className="portico-label label-customizable" htmlFor={idOf('locale')}>
            {t('account.preferences.language')}
          </label>
          <select id={idOf('locale')} name="locale" defaultValue={frame.locale} className="portico-select">
            {LOCALES.map(({ tag, name, dir }) => (
              <option key={tag} value={tag} lang={tag} dir={dir}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <IntentSubmit intent="save">{t('account.save')}</IntentSubmit>
      </AccountForm>
    </>
  )
}
