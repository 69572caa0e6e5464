import { translatorOf } from '#app/_lib/i18n.ts'
import { utc } from '#app/_lib/utc.ts'
import type { ProblemView } from '#core/flows/flow-view.ts'
import { HostedPage } from './hosted-page.tsx'
import { ArrowIcon } from './icons.tsx'
import { Reference } from './reference.tsx'

const KINDS = [
  'appSetup',
  'expired',
  'cancelled',
  'cookies',
  'throttled',
  'unexpected',
  'notFound',
  'badRequest',
  'stillSignedIn',
  'onlyHere',
  'linkUnusable',
  'linkUsed',
  'answered',
  'signInLinkUsed',
  'signInLinkExpired',
  'linkElsewhere',
  'otherBrowser',
  'providerReturn',
] as const

/** An error page: what happened in plain words, one next action, and the reference that is in the log too. */
export const ProblemPage = ({ problem }: { problem: ProblemView }) => {
  const { frame, next } = problem
  const t = translatorOf(frame.locale)
  const kind = KINDS.find((known) => known === problem.problem) ?? 'unexpected'
  const names = { app: frame.appName, host: frame.host }
  return (
    <HostedPage frame={frame} t={t} page="problem" state={kind} title={t(`problem.${kind}.title`, names)}>
      <p className="portico-lede textDescription-customizable">{t(`problem.${kind}.text`, names)}</p>
      {next === null ? null : (
        <a className="portico-submit submitButton-customizable" href={next.href}>
          <span>{t(`problem.${next.label}`, names)}</span>
          <ArrowIcon />
        </a>
      )}
      <dl className="portico-facts">
        <Reference t={t} id={problem.reference} />
        <div>
          <dt>{t('page.time')}</dt>
          <dd>
            <time dir="ltr" dateTime={problem.at} data-local>
              {utc(problem.at)}
            </time>
          </dd>
        </div>
      </dl>
      <Details details={problem.details} label={t('page.details')} />
    </HostedPage>
  )
}

/** For the people who build the app; the server leaves them out in production. */
const Details = ({ details, label }: { details: ProblemView['details']; label: string }) =>
  details === null ? null : (
    <details className="portico-details">
      <summary>{label}</summary>
      <dl dir="ltr">
        {Object.entries(details).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
