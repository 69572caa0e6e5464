import { moved, type StepHandler } from '../step-handler.ts'

/** The person wants to prove the account that has the same address. */
export const submitLinkAccount: StepHandler = () => async () => moved('sign-in')

/** The person wants no connection. */
export const keepSeparate: StepHandler = () => async () => moved('sign-in')

/** The person, proven, wants the identity connected. */
export const submitConnect: StepHandler = () => async () => moved('sign-in')
