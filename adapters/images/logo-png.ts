import sharp from 'sharp'

/** As shown in a mail's bar, in CSS pixels; encoded at twice that, for fine screens. */
const MOST = { width: 200, height: 40 }

/**
 * A logo as PNG for e-mail, from what the picture encoder has kept: mail programs read PNG where they may not read WebP, and
 * transparency survives. Width and height are what it is shown at.
 */
export const logoPng = async (kept: Uint8Array): Promise<{ bytes: Uint8Array; width: number; height: number }> => {
  const { data, info } = await sharp(kept, { pages: 1 })
    .resize({ width: MOST.width * 2, height: MOST.height * 2, fit: 'inside', withoutEnlargement: true })
    .png({ palette: true, compressionLevel: 9 })
    .toBuffer({ resolveWithObject: true })
  const scale = Math.min(1, MOST.width / info.width, MOST.height / info.height)
  return { bytes: data, width: Math.round(info.width * scale), height: Math.round(info.height * scale) }
}
