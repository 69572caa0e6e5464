/** Stand-ins for what a pool's theme serves: a seal and a stylesheet without values of its own. */
const strings = (points: number, factor: number): string => {
  const at = (step: number) => {
    const angle = (step / points) * 2 * Math.PI
    return `${(50 + 48 * Math.sin(angle)).toFixed(1)} ${(50 - 48 * Math.cos(angle)).toFixed(1)}`
  }
  return Array.from({ length: points }, (_, step) => `M${at(step)}L${at(step * factor)}`).join('')
}

const seal = (points: number, width: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><path d="${strings(points, 2)}" fill="none" stroke="currentColor" stroke-width="${width}"/><circle cx="50" cy="50" r="48" fill="none" stroke="currentColor" stroke-width="${width}"/></svg>`

/** A wordmark of a size and colours of its own, as an uploaded picture has them. */
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40" viewBox="0 0 160 40"><circle cx="20" cy="20" r="18" fill="#ffb454"/><path d="M8 28l12-18 12 18z" fill="#12375a"/><path d="M52 10h12v5h-7v4h6v5h-6v9h-5zM74 10h5v16a7 7 0 0 1-12 5l3-4a3 3 0 0 0 4-2zM94 10a11 11 0 1 1 0 22 11 11 0 0 1 0-22zm0 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12z" fill="#f4f1ea"/></svg>'

const FILES: Readonly<Record<string, { type: string; content: string }>> = {
  'figure.svg': { type: 'image/svg+xml', content: seal(120, 0.15) },
  'mark.svg': { type: 'image/svg+xml', content: seal(28, 2) },
  'logo.svg': { type: 'image/svg+xml', content: LOGO },
  'theme.css': { type: 'text/css', content: '' },
}

export const GET = async (_: Request, { params }: { params: Promise<{ file: string }> }) => {
  const file = FILES[(await params).file]
  if (process.env.PORTICO_PREVIEW !== '1' || !file) return new Response(null, { status: 404 })
  return new Response(file.content, { headers: { 'content-type': file.type } })
}

/** Where a form of the preview leads that posts itself: the browser stays where it is. */
export const POST = () => new Response(null, { status: process.env.PORTICO_PREVIEW === '1' ? 204 : 404 })
