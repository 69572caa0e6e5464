/**
 * A pool's seal in the colour of the text around it. The file is an image like any other (`img-src 'self'`), so its
 * lines would be black; as an alpha mask over a filled square they take `currentColor`, without a style attribute.
 */
export const Seal = ({ src, id, className }: { src: string; id: string; className?: string }) => (
  <svg className={className} viewBox="0 0 100 100" aria-hidden="true" focusable="false">
    <mask id={id} mask-type="alpha">
      <image href={src} width="100" height="100" />
    </mask>
    <rect width="100" height="100" fill="currentColor" mask={`url(#${id})`} />
  </svg>
)
