import { AccountForm, ConfirmFirst, IntentSubmit } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'

/** A copy of everything that is kept about the person. */
export const DataPage = ({ scene }: { scene: PageScene<'data'> }) => {
  const { t, view, content, frame, moment } = scene
  const download = `${frame.base}/account/download`
  const ready = content.export?.status === 'ready' ? content.export : null
  return (
    <>
      <p className="portico-lede textDescription-customizable">{t('account.data.lede')}</p>
      {ready !== null ? (
        <>
          <p>{t('account.data.ready', { until: moment(ready.until) })}</p>
          {view.isFresh ? (
            <p className="portico-actions">
              <a className="portico-link" href={`${download}?as=json`}>
                {t('account.data.download', { format: 'JSON' })}
              </a>
              <a className="portico-link" href={`${download}?as=csv`}>
                {t('account.data.download', { format: 'CSV' })}
              </a>
            </p>
          ) : (
            <ConfirmFirst scene={scene} />
          )}
        </>
      ) : content.export?.status === 'queued' ? (
        <p>{t('account.data.queued')}</p>
      ) : (
        <AccountForm scene={scene}>
          <IntentSubmit intent="export">{t('account.data.submit')}</IntentSubmit>
        </AccountForm>
      )}
    </>
  )
}

/** What is lost, and the button. */
export const DeletePage = ({ scene }: { scene: PageScene<'delete'> }) => {
  const { t, view, content, frame, hrefOf } = scene
  return (
    <>
      <p className="portico-lede textDescription-customizable">{t('account.delete.lede', { app: frame.poolName })}</p>
      <ul className="portico-scopes">
        <li>{t('account.delete.losesProfile')}</li>
        <li>{t('account.delete.losesAccess')}</li>
        <li>{t('account.delete.signsOut')}</li>
      </ul>
      <p>
        {content.graceDays === 0 ? t('account.delete.noGrace') : t('account.delete.grace', { days: content.graceDays })}
      </p>
      <p>
        <a className="portico-link" href={hrefOf('data')}>
          {t('account.delete.exportFirst')}
        </a>
      </p>
      {view.isFresh ? (
        <AccountForm scene={scene}>
          <IntentSubmit intent="delete">{t('account.delete.submit')}</IntentSubmit>
        </AccountForm>
      ) : (
        <ConfirmFirst scene={scene} />
      )}
    </>
  )
}
