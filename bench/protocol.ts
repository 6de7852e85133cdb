/** What the host and a process say to one another. */
import type { Session } from './session.ts';

export interface Call {
  readonly name: keyof Session | 'heap';
  readonly args: readonly unknown[];
}
export type Answer = { readonly value: unknown } | { readonly error: string };

/** Begins a line that is an answer. */
export const ANSWER = '@bench ';
