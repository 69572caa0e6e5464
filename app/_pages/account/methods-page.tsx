import type { FactorView } from '#core/account/account-view.ts'
import { Field } from '../field.tsx'
import { AccountForm, ConfirmFirst, Facts, ListButton, Section } from './account-form.tsx'
import type { PageScene } from './account-scene.ts'

type Scene = PageScene<'methods'>

const nameOf = ({ name, kind }: FactorView, { t }: Scene): string => name ?? t('factor.kind', { kind })

/** One way of proving: what it is, how it was used, and how to be rid of it. */
const OneFactor = ({ factor, scene }: { factor: FactorView; scene: Scene }) => {
  const { t, view, moment } = scene
  const name = nameOf(factor, scene)
  return (
    <li className="portico-card">
      <h3 className="portico-card-title">
        <bdi>{name}</bdi>
      </h3>
      <Facts
        items={[
          factor.destination === null
            ? null
            : [
                t('account.methods.destination'),
                <bdi key="to" dir="ltr">
                  {factor.destination}
                </bdi>,
              ],
          factor.kind === 'passkey'
            ? [t('account.methods.kept'), t('account.methods.synced', { synced: String(factor.isSynced) })]
            : null,
          [t('account.methods.added'), moment(factor.addedAt)],
          [t('account.methods.used'), factor.usedAt === null ? t('account.methods.never') : moment(factor.usedAt)],
        ]}
      />
      {factor.kind === 'passkey' ? (
        <AccountForm scene={scene} fields={{ id: factor.id }} quiet>
          <Field
            scene={{ error: null, idOf: () => `account-name-${factor.id}` }}
            name="name"
            label={t('account.methods.name')}
            defaultValue={name}
            autoComplete="off"
          />
          <ListButton intent="rename" of={name}>
            {t('account.methods.rename')}
          </ListButton>
        </AccountForm>
      ) : null}
      {view.isFresh ? (
        <AccountForm scene={scene} fields={{ id: factor.id }} quiet>
          <ListButton intent="remove" of={name}>
            {t('account.methods.remove')}
          </ListButton>
        </AccountForm>
      ) : null}
    </li>
  )
}

const NewCodes = ({ scene: { t, content } }: { scene: Scene }) => (
  <div className="portico-gate">
    <p>{t('recoveryCodes.lede')}</p>
    <ol className="portico-codes" dir="ltr">
      {content.newCodes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ol>
  </div>
)

const RecoveryCodes = ({ scene }: { scene: Scene }) => {
  const { t, view, content } = scene
  const { recoveryCodes, newCodes } = content
  return (
    <Section title={t('account.methods.codes')}>
      {newCodes.length > 0 ? <NewCodes scene={scene} /> : null}
      <p>
        {recoveryCodes === null
          ? t('account.methods.noCodes')
          : t('account.methods.codesLeft', { left: recoveryCodes.left, total: recoveryCodes.total })}
      </p>
      {view.isFresh ? (
        <AccountForm scene={scene} quiet>
          <button type="submit" name="_intent" value="codes" className="portico-quiet">
            {t('account.methods.makeCodes')}
          </button>
        </AccountForm>
      ) : null}
    </Section>
  )
}

const Preferred = ({ scene }: { scene: Scene }) => {
  const { t, content, idOf } = scene
  const kinds = [...new Set([...content.passkeys, ...content.factors].map(({ kind }) => kind))]
  if (kinds.length < 2) return null
  return (
    <Section title={t('account.methods.preferred')}>
      <AccountForm scene={scene} quiet>
        <label className="portico-label" htmlFor={idOf('kind')}>
          {t('account.methods.askFirst')}
        </label>
        <select id={idOf('kind')} name="kind" defaultValue={content.preferred ?? ''} className="portico-select">
          <option value="">{t('account.methods.strongest')}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {t('factor.kind', { kind })}
            </option>
          ))}
        </select>
        <button type="submit" name="_intent" value="prefer" className="portico-quiet">
          {t('account.save')}
        </button>
      </AccountForm>
    </Section>
  )
}

/** Everything the person can sign in with: passkeys first. */
export const MethodsPage = ({ scene }: { scene: Scene }) => {
  const { t, frame, view, content, hrefOf, confirmHref, day } = scene
  const all = [...content.passkeys, ...content.factors]
  return (
    <>
      {view.isFresh ? null : <ConfirmFirst scene={scene} />}
      {content.passkeySignal === null ? null : (
        <span hidden data-passkeys={frame.assets.passkeys} data-signal={content.passkeySignal} />
      )}
      <Section title={t('account.title.password')}>
        <p>
          {content.directory !== null
            ? t.rich('account.methods.directoryPassword', { provider: <bdi>{content.directory}</bdi> })
            : content.password === null
              ? t('account.methods.noPassword')
              : t('account.methods.passwordSince', { day: day(content.password.changedAt) })}
        </p>
        <p>
          <a className="portico-link" href={hrefOf('password')}>
            {t('changePassword.submit')}
          </a>
        </p>
      </Section>
      <Section title={t('account.methods.secondStep')}>
        {all.length === 0 ? (
          <p>{t('account.methods.none')}</p>
        ) : (
          <ul className="portico-cards">
            {all.map((factor) => (
              <OneFactor key={factor.id} factor={factor} scene={scene} />
            ))}
          </ul>
        )}
        {content.addable.map((kind) => (
          <p key={kind}>
            <a className="portico-link" href={`${confirmHref}&add=${kind}`}>
              {t('account.methods.add', { kind })}
            </a>
          </p>
        ))}
      </Section>
      {all.length === 0 ? null : <RecoveryCodes scene={scene} />}
      <Preferred scene={scene} />
    </>
  )
}
