import { newEvent } from '../../events/index.ts'
import { parseEmail, parsePhone } from '../../users/index.ts'
import type { User } from '../../users/ports.ts'
import { advance } from '../advance.ts'
import { checkCode, readCode } from '../check-code.ts'
import { type CodeFactor, factorSubject } from '../factor-code.ts'
import { noticeTo } from '../notice.ts'
import type { JourneyPorts } from '../ports.ts'
import { CONTACT_ATTRIBUTES, proveAddress } from '../prove-address.ts'
import { giveBackSend } from '../send-budgets.ts'
import { resendInSeconds, sendCode } from '../send-code.ts'
import { field, moved, refused, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { enrolled, enrollingPerson } from './enrol-factor.ts'
import { challengedPerson, spentGuesses, wrongFactor } from './second-factor.ts'

const factorAt = (input: StepInput, user: User, channel: 'sms' | 'email', address: string): CodeFactor => ({
  poolId: input.pool.id,
  sub: user.sub,
  id: channel,
  kind: channel,
  name: null,
  address,
  credentialId: null,
  passkey: null,
  counter: 0,
  createdAt: input.now,
  lastUsedAt: null,
})

const send = (ports: JourneyPorts, input: StepInput, user: User, factor: CodeFactor) =>
  sendCode(ports, input, {
    purpose: 'enrol-factor',
    subject: factorSubject(ports, input.flow.id, factor),
    message: 'enrol-factor-code',
    to: { channel: factor.kind, address: factor.address },
    user,
    minutes: input.pool.settings.codes.signInMinutes,
    linkPath: null,
    isReal: true,
    // Typed on this very page.
    tellsRefusal: true,
  })

/** Where codes shall go; one goes there first. Fails with `attribute-format` and `destination-refused`. */
export const submitContact: StepHandler = (ports) => async (input) => {
  const { flow, form, pool, now } = input
  const { enrolment, sentAt } = flow.state
  if (enrolment?.kind !== 'contact') return moved('sign-in', droppedByEntry)
  const who = await enrollingPerson(ports, input)
  if (who.user === null) return who.instead
  const { user } = who
  const { channel } = enrolment
  if (!pool.settings.factors.allowed.includes(channel)) return moved('enrol-factor', { enrolment: null })
  const [name] = CONTACT_ATTRIBUTES[channel]
  const typed = field(form, name, 512)
  const values = { [name]: typed }
  const address = channel === 'sms' ? parsePhone(typed) : parseEmail(typed)
  if (address === null)
    return refused({ code: 'attribute-format', field: name, params: { attribute: name } }, { values })
  const isAgain = enrolment.address === address && resendInSeconds(sentAt, now) > 0
  const sent = isAgain ? null : await send(ports, input, user, factorAt(input, user, channel, address))
  if (sent?.ok === false) return refused({ ...sent.failure, field: name }, { values })
  return moved('enrol-contact-code', {
    enrolment: { kind: 'contact', channel, address },
    values,
    sentAt: isAgain ? sentAt : [...sentAt, now.getTime()],
  })
}

/** Another code. Fails with `code-too-soon`. */
export const resendContactCode: StepHandler = (ports) => async (input) => {
  const { enrolment, sentAt } = input.flow.state
  const wait = resendInSeconds(sentAt, input.now)
  if (wait > 0) return refused({ code: 'code-too-soon', params: { seconds: wait } })
  const user = await challengedPerson(ports, input)
  if (user === null || enrolment?.kind !== 'contact' || enrolment.address === null) {
    return moved('sign-in', droppedByEntry)
  }
  const sent = await send(ports, input, user, factorAt(input, user, enrolment.channel, enrolment.address))
  return sent.ok ? moved('enrol-contact-code', { sentAt: [...sentAt, input.now.getTime()] }) : refused(sent.failure)
}

/** Back to the number or address, to set it right. */
export const changeContact: StepHandler = () => async () => moved('enrol-contact')

/** The first code turns the factor on. */
export const submitContactCode: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, context, form, now } = input
  const { enrolment } = flow.state
  if (enrolment?.kind !== 'contact' || enrolment.address === null) return moved('sign-in', droppedByEntry)
  const who = await enrollingPerson(ports, input)
  if (who.user === null) return who.instead
  const { user } = who
  const factor = factorAt(input, user, enrolment.channel, enrolment.address)
  const code = readCode(field(form, 'code', 200))
  if (!code.ok) return refused(code.failure)
  const spent = await spentGuesses(ports, input, user.sub)
  if (spent !== null) return wrongFactor(ports, input, user.sub, factor.kind, spent)
  const subject = factorSubject(ports, flow.id, factor)
  const checked = await checkCode(ports, input, { purpose: 'enrol-factor', subject, sub: user.sub })
  if (!checked.ok) return refused(checked.failure)
  const { lastUsedAt: _, ...made } = factor
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'factor.enrolled',
    outcome: 'success',
    sub: user.sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail: { kind: factor.kind },
  })
  const messages = await noticeTo(ports, input, user, 'factor-added', { factor: factor.kind })
  const kept = await ports.factors.enrol({ ...made, secret: null }, { events: [event], messages })
  // Set up in another window meanwhile: that one is proven now.
  if (!kept.ok) return advance(ports, input, { user, proofs: flow.state.proofs })
  await Promise.all([
    ports.attempts.clear(pool.id, 'factor.person', user.sub),
    ports.attempts.clear(pool.id, 'code.enrol-factor', subject),
    giveBackSend(ports, input, { channel: factor.kind, address: factor.address }),
  ])
  const proven = await proveAddress(ports, input, user, factor)
  return enrolled(ports, input, proven, { method: factor.kind, factorId: factor.id })
}
