import type { FlowStep, FlowView } from '#core/flows/flow-view.ts'

/** Names of the fields a person fills in on this page, in the order in which they stand. */
export const stepFields = (view: FlowView): readonly string[] => {
  const attributes = (list: FlowView['missing']) => list.map((field) => field.name)
  switch (view.step) {
    case 'sign-in':
      if (!view.signIn.asksForNames) return []
      return view.signIn.identifierFirst ? ['username'] : ['username', 'password']
    case 'password':
    case 'reset-password':
    case 'new-password':
      return ['password']
    case 'sign-up':
      return [
        'username',
        ...(view.signIn.methods.includes('password') ? ['password'] : []),
        ...attributes(view.signUp.fields),
      ]
    case 'confirm-sign-up':
    case 'confirm-account':
    case 'reset-code':
    case 'sign-in-code':
    case 'factor-code':
    case 'enrol-contact-code':
      return ['code']
    case 'totp':
    case 'recovery-code':
    case 'enrol-totp':
      return ['code']
    case 'recovery-codes':
      return ['saved']
    case 'forgot-password':
      return ['username']
    case 'missing-attributes':
      return attributes(view.missing)
    case 'change-password':
      return ['current', 'password']
    case 'enrol-contact':
      return [view.enrolment?.kind === 'contact' && view.enrolment.channel === 'sms' ? 'phone_number' : 'email']
    case 'link-account':
    case 'connect-provider':
    case 'choose-method':
    case 'choose-factor':
    case 'few-codes':
    case 'lost-factor':
    case 'passkey':
    case 'enrol-passkey':
    case 'offer-passkey':
    case 'enrol-factor':
    case 'blocked':
    case 'consent':
    case 'done':
      return []
  }
}

const SIGN_IN_STEPS: readonly FlowStep[] = ['sign-in', 'password']

/** The id of a field. On the sign-in pages these are Cognito's, for test scripts written against its pages. */
export const fieldId = (step: FlowStep, name: string): string => {
  if (SIGN_IN_STEPS.includes(step) && name === 'username') return 'signInFormUsername'
  if (SIGN_IN_STEPS.includes(step) && name === 'password') return 'signInFormPassword'
  return `portico-${name.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`
}
