/** The one function of React's edge renderer that the pages use; React ships no types for this entry. */
declare module 'react-dom/server.edge' {
  import type { ReactNode } from 'react'
  export const renderToStaticMarkup: (node: ReactNode) => string
}
