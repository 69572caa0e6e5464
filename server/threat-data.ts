import { noBadNetworks, readBadNetworksFile } from '#adapters/networks/bad-networks-file.ts'
import { mmdbPlaces } from '#adapters/place/mmdb-places.ts'
import type { BadNetworks, PlaceFinder } from '#core/risk/index.ts'
import { type Config, ConfigError } from './config.ts'

const because = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * What addresses are judged by: where they are, and whether attacks come from there. The operator's own files where they are
 * named; one that cannot be read stops the start by its setting's name.
 */
export const threatData = (
  config: Pick<Config, 'PLACE_DATABASE' | 'BAD_NETWORKS_FILE'>,
  log: { warn(fields: object, line: string): void },
): { places: PlaceFinder; badNetworks: BadNetworks } => {
  const places = mmdbPlaces(config.PLACE_DATABASE ?? null)
  if (config.PLACE_DATABASE !== undefined) {
    try {
      places.load()
    } catch (error) {
      throw new ConfigError([`PLACE_DATABASE: ${because(error)}`])
    }
  }
  if (config.BAD_NETWORKS_FILE === undefined) return { places, badNetworks: noBadNetworks }
  try {
    const file = readBadNetworksFile(config.BAD_NETWORKS_FILE)
    const { size, unreadableLines } = file
    if (unreadableLines.length > 0)
      log.warn({ size, unreadableLines: unreadableLines.slice(0, 20) }, 'lines of BAD_NETWORKS_FILE are no networks')
    return { places, badNetworks: file }
  } catch (error) {
    throw new ConfigError([`BAD_NETWORKS_FILE: ${because(error)}`])
  }
}
