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

const FILES: Readonly<Record<string, { type: string; content: string }>> = {
  'figure.svg': { type: 'image/svg+xml', content: seal(120, 0.15) },
  'mark.svg': { type: 'image/svg+xml', content: seal(28, 2) },
  'theme.css': { type: 'text/css', content: '' },
}

export const GET = async (_: Request, { params }: { params: Promise<{ file: string }> }) => {
  const file = FILES[(await params).file]
  if (process.env.PORTICO_PREVIEW !== '1' || !file) return new Response(null, { status: 404 })
  return new Response(file.content, { headers: { 'content-type': file.type } })
}
