/** Apart from `runtime_modules.ts`, so that neither a device nor what reads files makes bundlers share a file for the other. */

/** A package that the user has installed, or that the import map of a page names; rejected where there is none. */
export const installedPackage = (name: string): Promise<unknown> =>
  import(/* webpackIgnore: true */ /* @vite-ignore */ name);
