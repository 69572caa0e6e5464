import { goTo, guarded, notFound, page } from '#app/_lib/answer.ts'
import { house } from '#app/_lib/house.ts'

/** The journey's own address: sends to the step it is at. */
export const GET = (
  request: Request,
  { params }: { params: Promise<{ pool: string; flowId: string }> },
): Promise<Response> =>
  guarded(request, async (asked) => {
    const { pool, flowId } = await params
    const answer = await house().journeys.page({ ...asked, poolId: pool, flowId, step: null })
    if (answer === null) return notFound()
    if (answer.kind === 'redirect') return goTo(answer.to)
    if (answer.kind === 'problem') return page(answer, answer.problem.status, asked.nonce)
    return answer.kind === 'page' ? page(answer.model, 200, asked.nonce) : notFound()
  })
