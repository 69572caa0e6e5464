/** Next calls this once when it starts: the renderer of the pages becomes available to the rest of the server. */
export const register = async (): Promise<void> => {
  const [{ publishRenderer }, { renderPage }] = await Promise.all([
    import('#app/_lib/house.ts'),
    import('#app/_lib/render-page.tsx'),
  ])
  publishRenderer(renderPage)
}
