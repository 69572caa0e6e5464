/** 20 px, 1.5 px strokes, `currentColor`; each stands beside its words and says nothing by itself. */
const Icon = ({ d, className }: { d: string; className: string }) => (
  <svg className={className} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <path d={d} fill="none" stroke="currentColor" strokeWidth="1.5" />
  </svg>
)

export const ArrowIcon = () => <Icon className="portico-arrow" d="M3 10h13m-5-5 5 5-5 5" />

export const ErrorIcon = () => <Icon className="portico-icon" d="M10 2.5 18 17H2ZM10 8v4.5m0 1v1.5" />

/** Stands before the words in a list of ways in, else at the end of the row. */
export const PasskeyIcon = ({ leads = false }: { leads?: boolean }) => (
  <Icon
    className={leads ? 'portico-mark-glyph' : 'portico-arrow'}
    d="M13 10.5a3.5 3.5 0 1 0-3-1.7L2.5 16v2h3v-2h2v-2h2l1.7-1.7c.5.15 1.1.2 1.8.2M14 6.5v.5"
  />
)

/** A provider that has no mark of its own. */
export const DoorIcon = () => <Icon className="portico-mark-glyph" d="M4.5 18V2.5h8V18M2 18h16M12.5 5h3v13M10 10v1.5" />
