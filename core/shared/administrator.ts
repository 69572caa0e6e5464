import type { RequestContext } from './ports.ts'

/** Who changes what belongs to others; every such act carries the name into its event. */
export interface Administrator {
  /** `cli:ann`, `apply:portico.yaml`; never an address of a person. */
  name: string
  /** Null where no request stands behind it. */
  context: RequestContext | null
}
