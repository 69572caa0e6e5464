import { goTo, guarded, notFound, page } from '#app/_lib/answer.ts'
import { house } from '#app/_lib/house.ts'
import { translatorOf } from '#app/_lib/i18n.ts'

interface Place {
  params: Promise<{ pool: string; flowId: string }>
}

/** The new recovery codes as a text file, for as long as their page shows them, and to the browser that it shows them to. */
export const GET = (request: Request, { params }: Place): Promise<Response> =>
  guarded(request, async (asked) => {
    const { pool, flowId } = await params
    const answer = await house().journeys.page({ ...asked, poolId: pool, flowId, step: 'recovery-codes' })
    if (answer === null) return notFound()
    if (answer.kind === 'redirect') return goTo(answer.to)
    if (answer.kind === 'page') return page(answer.model, 200, asked.nonce)
    if (answer.kind === 'problem') return page(answer, answer.problem.status, asked.nonce)
    const { enrolment, frame } = answer.view
    if (enrolment?.kind !== 'recovery-codes') return notFound()
    const t = translatorOf(frame.locale)
    const lines = [
      t('recoveryCodes.fileTitle', { app: frame.appName }),
      frame.host,
      '',
      ...enrolment.codes,
      '',
      t('recoveryCodes.fileNote'),
    ]
    // Windows' own editor knows no other line end; every other one knows this too.
    return new Response(`${lines.join('\r\n')}\r\n`, {
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': 'attachment; filename="recovery-codes.txt"',
        'cache-control': 'no-store',
        'content-language': frame.locale,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      },
    })
  })
