import { guarded, notFound, page } from '#app/_lib/answer.ts'
import { house } from '#app/_lib/house.ts'

interface Place {
  params: Promise<{ pool: string }>
}

/** Landing of the link in a sign-in mail. Its button posts to the journey. */
export const GET = (request: Request, { params }: Place): Promise<Response> =>
  guarded(request, async (asked) => {
    const token = new URL(request.url).searchParams.get('token') ?? ''
    const answer = await house().journeys.showSignInLink({ ...asked, poolId: (await params).pool, token })
    return answer === null ? notFound() : page(answer.model, answer.status, asked.nonce)
  })
