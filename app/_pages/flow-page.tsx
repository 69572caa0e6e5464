import type { ComponentType } from 'react'
import type { FlowStep, FlowView } from '#core/flows/flow-view.ts'
import { type Scene, sceneOf } from './scene.ts'
import { Blocked } from './steps/blocked.tsx'
import { ConfirmAccount, ConfirmSignUp, FactorCode, ResetCode, SignInCode } from './steps/code.tsx'
import { ConnectProvider, LinkAccount } from './steps/connect.tsx'
import { Consent } from './steps/consent.tsx'
import { EnrolContact, EnrolContactCode } from './steps/contact.tsx'
import { EnrolFactor, EnrolTotp, RecoveryCodes } from './steps/enrolment.tsx'
import { FewCodes, LostFactor } from './steps/lost-factor.tsx'
import { Done, MissingAttributes } from './steps/others.tsx'
import { EnrolPasskey, OfferPasskey, Passkey } from './steps/passkey.tsx'
import { ChangePassword, ForcedPassword, ForgotPassword, ResetPassword } from './steps/passwords.tsx'
import { ChooseFactor, RecoveryCode, Totp } from './steps/second-factor.tsx'
import { ChooseMethod, Password, SignIn } from './steps/sign-in.tsx'
import { SignUp } from './steps/sign-up.tsx'

const PAGES: Readonly<Record<FlowStep, ComponentType<{ scene: Scene }>>> = {
  'sign-in': SignIn,
  'link-account': LinkAccount,
  'connect-provider': ConnectProvider,
  'choose-method': ChooseMethod,
  password: Password,
  'sign-in-code': SignInCode,
  'sign-up': SignUp,
  'confirm-sign-up': ConfirmSignUp,
  'confirm-account': ConfirmAccount,
  'forgot-password': ForgotPassword,
  'reset-code': ResetCode,
  'reset-password': ResetPassword,
  'new-password': ForcedPassword,
  'choose-factor': ChooseFactor,
  passkey: Passkey,
  'factor-code': FactorCode,
  totp: Totp,
  'recovery-code': RecoveryCode,
  'few-codes': FewCodes,
  'lost-factor': LostFactor,
  'enrol-factor': EnrolFactor,
  'enrol-contact': EnrolContact,
  'enrol-contact-code': EnrolContactCode,
  'enrol-totp': EnrolTotp,
  'enrol-passkey': EnrolPasskey,
  'recovery-codes': RecoveryCodes,
  blocked: Blocked,
  'missing-attributes': MissingAttributes,
  'change-password': ChangePassword,
  'offer-passkey': OfferPasskey,
  consent: Consent,
  done: Done,
}

/** The page of the journey's present step. */
export const FlowPage = ({ view }: { view: FlowView }) => {
  const Page = PAGES[view.step]
  return <Page scene={sceneOf(view)} />
}
