export { signInWithPassword, type SignInPorts, type SignInStep } from './sign-in-with-password.ts'
