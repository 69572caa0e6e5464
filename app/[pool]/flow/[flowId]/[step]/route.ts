import { formOf, goTo, guarded, notFound, page } from '#app/_lib/answer.ts'
import { house } from '#app/_lib/house.ts'
import type { FlowStep } from '#core/flows/flow-view.ts'
import { withBirthdate } from '#core/shared/birthdate.ts'

interface Place {
  params: Promise<{ pool: string; flowId: string; step: string }>
}

/** Every step of every journey: the page of the step, or the way to the right one. */
export const GET = (request: Request, { params }: Place): Promise<Response> =>
  guarded(request, async (asked) => {
    const { pool, flowId, step } = await params
    const answer = await house().journeys.page({ ...asked, poolId: pool, flowId, step: step as FlowStep })
    if (answer === null) return notFound()
    if (answer.kind === 'redirect') return goTo(answer.to)
    if (answer.kind === 'page') return page(answer.model, 200, asked.nonce)
    if (answer.kind === 'problem') return page(answer, answer.problem.status, asked.nonce)
    return page({ kind: 'flow', view: answer.view }, 200, asked.nonce)
  })

/** Read, call, redirect. The journey engine decides. */
export const POST = (request: Request, { params }: Place): Promise<Response> =>
  guarded(request, async (asked) => {
    const { pool, flowId, step } = await params
    const form = withBirthdate(await formOf(request))
    const answer = await house().journeys.submit({ ...asked, poolId: pool, flowId, step: step as FlowStep, form })
    if (answer === null) return notFound()
    return answer.kind === 'redirect' ? goTo(answer.to, answer.cookie) : page(answer.model, answer.status, asked.nonce)
  })
