/** The versions of Node on which `npm test` runs: those with security fixes. The lowest version of package.json is tested in CI. */
export const nodeVersions = [22, 24, 26] as const;
