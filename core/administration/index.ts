export { type Administration, type AdministrationPorts, administration } from './administration.ts'
