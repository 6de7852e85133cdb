import { KINDS } from './kinds/index.ts';

/** The kinds of cases, with how many the short run has. */
export const COUNTS = Object.fromEntries(
  Object.entries(KINDS).map(([name, { cases }]) => [name, cases]),
);
/** What the cases of a kind take turns at, by kind. */
export const PARTS = Object.fromEntries(
  Object.entries(KINDS).map(([name, { parts = [] }]) => [name, parts]),
);
/** Those that are tried where none is named. */
export const DEFAULT = Object.keys(KINDS).filter((name) => !KINDS[name].isHidden);
