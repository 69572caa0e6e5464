export { type SignInPorts, type SignInStep, signInWithPassword } from './sign-in-with-password.ts'
