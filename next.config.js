/** Pages are route handlers behind the front door (server/front-door.ts); Next renders, nothing else. */
export default {
  poweredByHeader: false,
  compress: false,
  generateEtags: false,
  serverExternalPackages: ['oidc-provider'],
  // `npm test` checks types, of everything at once; a build must work without development packages.
  typescript: { ignoreBuildErrors: true },
}
