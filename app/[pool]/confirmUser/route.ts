import { formOf, guarded, notFound, page } from '#app/_lib/answer.ts'
import { house } from '#app/_lib/house.ts'

interface Place {
  params: Promise<{ pool: string }>
}

/** Landing of the link in a sign-up mail. */
export const GET = (request: Request, { params }: Place): Promise<Response> =>
  guarded(request, async (asked) => {
    const token = new URL(request.url).searchParams.get('token') ?? ''
    const answer = await house().journeys.showLink({ ...asked, poolId: (await params).pool, token })
    return answer === null ? notFound() : page(answer.model, answer.status, asked.nonce)
  })

export const POST = (request: Request, { params }: Place): Promise<Response> =>
  guarded(request, async (asked) => {
    const answer = await house().journeys.submitLink({
      ...asked,
      poolId: (await params).pool,
      form: await formOf(request),
    })
    return answer === null ? notFound() : page(answer.model, answer.status, asked.nonce)
  })
