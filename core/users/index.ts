export type { AttributeChanges, AttributeWriter, GivenAttributes } from './attributes.ts'
export {
  attributeChanges,
  attributesOfNewUser,
  checkAttribute,
  emailDomainAllowed,
  readableAttributes,
  requiredAttributes,
  writableAttributes,
} from './attributes.ts'
export { foldCase, maskAddress, namesOfUser, parseEmail, parsePhone, parseSignInName, signInName } from './names.ts'
