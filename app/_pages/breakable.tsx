import { Fragment } from 'react'

/**
 * An address or a host, which breaks after its @ and its dots where it must, and is never cut: people check the end of a name.
 * Whoever copies it copies nothing besides.
 */
export const Breakable = ({ text }: { text: string }) =>
  text.split(/(?<=[.@])(?=.)/s).map((part, index, all) => (
    <Fragment key={all.slice(index).join('')}>
      {index === 0 ? null : <wbr />}
      {part}
    </Fragment>
  ))
