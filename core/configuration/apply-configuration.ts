import type { Failure, SettingsProblem } from '../shared/result.ts'
import type { ConfigurationFile, DeclaredClient, DeclaredPool, SecretSource } from './configuration-file.ts'
import type { Materials } from './ports.ts'
import { reconcileClients } from './reconcile-clients.ts'
import { presentPool, reconcileGroups, reconcilePool, reconcileResourceServers } from './reconcile-pool.ts'
import { fileProblems, reconcileProviders } from './reconcile-providers.ts'
import { readTheme, reconcileTheme } from './reconcile-theme.ts'
import { reconcileUsers } from './reconcile-users.ts'
import type { ApplyPorts, Change, PoolHandle, ShownOnce, Step } from './step.ts'

export interface Applied {
  /** In the order they were, or would be, made. */
  changes: readonly Change[]
  /** Secrets that were made: to be shown now. */
  secrets: readonly (ShownOnce & { pool: string; client: string })[]
  /** What stopped it; the changes before it stand. */
  failure: { change: Change; failure: Failure } | null
}

/** What the file refers to and is not there, by path. */
export const missingMaterials = async (
  materials: Materials,
  { pools }: ConfigurationFile,
): Promise<SettingsProblem[]> => {
  const problems: SettingsProblem[] = []
  const needs = async (path: string, source: SecretSource | undefined): Promise<void> => {
    if (source === undefined || (await materials.secret(source)) !== null) return
    problems.push({
      path,
      message:
        source.env === undefined
          ? 'the file is not there or is empty'
          : `the environment variable ${source.env} is not set`,
    })
  }
  const look = async (path: string, theme: DeclaredPool['theme']): Promise<void> => {
    if (theme === undefined) return
    const read = await readTheme(materials, theme)
    problems.push(...read.problems.map((problem) => ({ ...problem, path: `${path}.${problem.path}` })))
  }
  for (const [at, pool] of pools.entries()) {
    const path = `pools.${at}`
    await look(`${path}.theme`, pool.theme)
    for (const [n, provider] of pool.identityProviders.entries()) {
      const here = `${path}.identityProviders.${n}`
      await needs(`${here}.secret`, provider.secret)
      const unfit = await fileProblems(materials, pool, provider)
      problems.push(...unfit.map((problem) => ({ ...problem, path: `${here}.${problem.path}` })))
    }
    for (const [n, client] of pool.clients.entries()) {
      await needs(`${path}.clients.${n}.secret`, client.secret)
      await look(`${path}.clients.${n}.theme`, client.theme)
    }
    for (const [n, { password }] of pool.users.entries()) {
      if (password !== undefined && !('plain' in password)) await needs(`${path}.users.${n}.password`, password)
    }
  }
  return problems
}

const clientThemes = async (ports: ApplyPorts, pool: DeclaredPool, handle: PoolHandle): Promise<Step[]> => {
  const steps: Step[] = []
  const idOfClient = async ({ id, name }: DeclaredClient): Promise<string | null> => {
    const found = handle.id === null ? null : await ports.admin.clients.find(handle.id, id ?? name)
    return found?.ok ? found.value.id : null
  }
  for (const client of pool.clients) {
    if (client.theme === undefined) continue
    const presentId = await idOfClient(client)
    steps.push(
      await reconcileTheme(ports, client.theme, { pool: pool.name, name: client.name }, handle, {
        presentId,
        idNow: () => idOfClient(client),
      }),
    )
  }
  return steps
}

/** Makers first and removals last, so that nothing refers to what is not there. */
const stepsOf = async (ports: ApplyPorts, declared: DeclaredPool, prune: boolean): Promise<Step[]> => {
  const present = await presentPool(ports, declared)
  const handle: PoolHandle = { name: declared.name, id: present?.id ?? null }
  const servers = await reconcileResourceServers(ports, declared, handle, prune)
  const providers = await reconcileProviders(ports, declared, handle, prune)
  const clients = await reconcileClients(ports, declared, handle, prune)
  const groups = await reconcileGroups(ports, declared, handle, prune)
  return [
    reconcilePool(ports, declared, present, handle),
    ...servers.put,
    ...providers.put,
    ...clients.put,
    ...groups.put,
    ...(await reconcileUsers(ports, declared, present, handle)),
    ...(declared.theme === undefined
      ? []
      : [await reconcileTheme(ports, declared.theme, { pool: declared.name, name: declared.name }, handle, null)]),
    ...(await clientThemes(ports, declared, handle)),
    ...clients.gone,
    ...providers.gone,
    ...groups.gone,
    ...servers.gone,
  ]
}

/**
 * Makes an installation what the file says. Applied twice, the second time changes nothing. Each change is a transaction of
 * its own: one that is refused stops the rest, and what came before it stands.
 *
 * @param prune also delete clients, groups and resource servers of the file's pools that it does not name; never people or pools
 */
export const applyConfiguration =
  (ports: ApplyPorts) =>
  async (file: ConfigurationFile, { dryRun, prune }: { dryRun: boolean; prune: boolean }): Promise<Applied> => {
    const changes: Change[] = []
    const secrets: (ShownOnce & { pool: string; client: string })[] = []
    for (const pool of file.pools) {
      for (const { change, act } of await stepsOf(ports, pool, prune)) {
        const done = act === null || dryRun ? null : await act()
        if (done !== null && !done.ok) return { changes, secrets, failure: { change, failure: done.failure } }
        changes.push(change)
        if (done?.ok && done.value !== null) secrets.push({ ...done.value, pool: change.pool, client: change.name })
      }
    }
    return { changes, secrets, failure: null }
  }
