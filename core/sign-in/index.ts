export { type DirectorySignInPorts, type SignInWithDirectory, signInWithDirectory } from './sign-in-with-directory.ts'
export { type SignInPorts, type SignInStep, signInWithPassword } from './sign-in-with-password.ts'
