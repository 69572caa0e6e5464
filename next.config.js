/** Pages are route handlers behind the front door (server/front-door.ts); Next renders, nothing else. */
export default {
  poweredByHeader: false,
  compress: false,
  generateEtags: false,
  serverExternalPackages: ['oidc-provider'],
  typescript: { ignoreBuildErrors: false },
}
