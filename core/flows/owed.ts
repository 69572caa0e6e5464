import type { AppClient } from '../clients/client-settings.ts'
import { type Acr, type Demand, demandOf, type Factor, factorsOf, type MethodProof } from '../factors/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { User } from '../users/ports.ts'
import type { FlowRequest, JudgedSignIn } from './flow.ts'
import type { JourneyPorts } from './ports.ts'

export interface Owing {
  pool: Pool
  client: Pick<AppClient, 'settings'>
  request: Pick<FlowRequest, 'level' | 'isLevelEssential'>
  user: User
  proofs: readonly MethodProof[]
  /** Null: the sign-in is not judged. */
  judged: Pick<JudgedSignIn, 'effect'> | null
}

/** What somebody of this pool can be asked for as a second factor, by what they set up. */
export const factorsOfUser = ({ settings }: Pool, user: User, enrolled: readonly Factor[]): readonly Factor[] =>
  factorsOf({ ...user, mfa: settings.mfa, allowed: settings.factors.allowed }, enrolled)

/** What a person still owes, by the factors they have now. A level that is only wished for refuses nobody. */
export const demandOn = (
  { pool, client, request, user, proofs, judged }: Owing,
  factors: readonly Factor[],
): Demand => {
  const atLevel = (level: Acr | null): Demand =>
    demandOf({
      // Where second factors are the provider's business, only the app and risk ask for one here.
      mfa: proofs.some(({ federation }) => federation?.coversSecondFactor === true) ? 'off' : pool.settings.mfa,
      allowed: pool.settings.factors.allowed,
      clientRequires: client.settings.requireSecondFactor,
      level,
      risk: judged?.effect === 'challenge' ? 'mfa-required' : 'none',
      factors: factorsOfUser(pool, user, factors),
      preferred: user.preferredFactor,
      proofs,
      isRemembered: proofs.some(({ method }) => method === 'device'),
    })
  const owed = atLevel(request.level)
  return owed.kind === 'refused' && !request.isLevelEssential ? atLevel(null) : owed
}

/** Reads the person's factors and says what is owed. */
export const owedBy = async ({ factors }: Pick<JourneyPorts, 'factors'>, owing: Owing): Promise<Demand> =>
  demandOn(owing, await factors.list(owing.pool.id, owing.user.sub))
