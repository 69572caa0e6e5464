import { CodeField } from '../code-field.tsx'
import { Field, type InputAttributes } from '../field.tsx'
import { AccountForm, ConfirmFirst, IntentSubmit } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'

const INPUTS: Readonly<Record<'email' | 'phone', { name: string; input: InputAttributes }>> = {
  email: {
    name: 'email',
    input: { type: 'email', autoComplete: 'email', inputMode: 'email', autoCapitalize: 'none', spellCheck: false },
  },
  phone: { name: 'phone_number', input: { type: 'tel', autoComplete: 'tel', inputMode: 'tel' } },
}

/** A new address, which counts once its code came back; until then the old one stays. */
export const ContactPage = ({ scene }: { scene: PageScene<'email' | 'phone'> }) => {
  const { t, view, content } = scene
  if (!view.isFresh) return <ConfirmFirst scene={scene} />
  const { name, input } = INPUTS[content.page]
  const kind = content.page
  if (content.waiting !== null) {
    const destination = (
      <bdi dir="ltr" className="portico-name">
        {content.waiting}
      </bdi>
    )
    return (
      <>
        <p className="portico-lede textDescription-customizable">
          {t.rich('account.contact.sent', { destination, minutes: content.minutes })}
        </p>
        <AccountForm scene={scene}>
          <CodeField scene={scene} />
          <IntentSubmit intent="confirm">{t('code.submit')}</IntentSubmit>
        </AccountForm>
        <AccountForm scene={scene} fields={{ [name]: content.waiting }} quiet>
          <button type="submit" name="_intent" value="start" className="portico-quiet">
            {t('code.resend')}
          </button>
          <button type="submit" name="_intent" value="drop" className="portico-quiet">
            {t('page.cancel')}
          </button>
        </AccountForm>
      </>
    )
  }
  return (
    <>
      <p className="portico-lede textDescription-customizable">
        {content.current === null
          ? t('account.contact.none', { kind })
          : t.rich('account.contact.current', { kind, value: <bdi dir="ltr">{content.current.value}</bdi> })}
      </p>
      <AccountForm scene={scene}>
        <Field
          scene={scene}
          name={name}
          label={t('account.contact.new', { kind })}
          {...(kind === 'phone' ? { hint: t('name.phoneHint') } : {})}
          {...input}
          dir="ltr"
          required
          defaultValue={view.values[name]}
        />
        <IntentSubmit intent="start">{t('account.contact.submit')}</IntentSubmit>
      </AccountForm>
    </>
  )
}
