import { z } from 'zod'

/** Cognito's GroupNameType: 1–128 letters, marks, symbols, digits, punctuation; no blanks. */
export const GroupName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u, 'letters, digits and signs, no blanks')

export const GroupSettings = z.strictObject({
  description: z.string().max(2048).nullable().default(null),
  /** Cognito's ArnType, for identity pools and `cognito:roles`. */
  roleArn: z
    .string()
    .min(20)
    .max(2048)
    .regex(/^arn:[\w+=/,.@-]+:[\w+=/,.@-]+:(?:[\w+=/,.@-]*)?:\d*:[\w+=/,.@:-]+$/, 'an ARN')
    .nullable()
    .default(null),
  /** The lowest number wins; null is lowest of all. */
  precedence: z.int().min(0).max(2_147_483_647).nullable().default(null),
})
export type GroupSettings = z.infer<typeof GroupSettings>

/** Groups are named, flat, and their name never changes: tokens carry it. */
export interface Group extends GroupSettings {
  poolId: string
  name: string
  createdAt: Date
}

/** Cognito's quota; tokens carry all of them. */
export const MAX_GROUPS_PER_USER = 100
