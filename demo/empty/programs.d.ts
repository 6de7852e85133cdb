// What the build makes of the programs of the pages: `demo/projects.mjs`.
declare module 'virtual:programs' {
  import type { Settings } from '../frame/settings.ts';

  /** The file with the library. */
  export const LIBRARY: string;
  /** By the folder of their page. */
  export const PROGRAMS: Readonly<
    Record<
      string,
      {
        readonly settings: Settings;
        /** Of the settings those that the program takes. */
        readonly names: readonly string[];
        /** The file with what it needs beside the library; null where it needs nothing. */
        readonly needs: string | null;
        /** In JavaScript. */
        readonly code: string;
      }
    >
  >;
}
