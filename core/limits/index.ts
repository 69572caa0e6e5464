export { BUDGETS } from './budgets.ts'
export { networkOf } from './network.ts'
export type { AttemptBudget, Budget, BudgetAnswer } from './ports.ts'
