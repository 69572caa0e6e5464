import sharp from 'sharp'

/** SVG's own unit is 1/72 inch where its `density` is asked for. */
const UNIT_DENSITY = 72

/**
 * A seal as PNG, for e-mail: mail programs show no SVG. Transparent, so that it stands on any ground.
 *
 * @param svg a seal with a colour of its own (`sealMark(poolId, { color })`); never anything uploaded
 * @param px side of the square; twice the size it is shown at, for fine screens
 */
export const sealPng = async (svg: string, px: number): Promise<Uint8Array> => {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1])
  return sharp(Buffer.from(svg), { density: (UNIT_DENSITY * px) / side })
    .resize(px, px)
    .png({ palette: true, colours: 32, compressionLevel: 9 })
    .toBuffer()
}
