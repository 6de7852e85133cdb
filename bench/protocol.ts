/** The messages between the host and a process. */
import type { Session } from './session.ts';

export interface Call {
  readonly name: keyof Session | 'heap';
  readonly args: readonly unknown[];
}
export type Answer = { readonly value: unknown } | { readonly error: string };

/** The mark at the beginning of a line with an answer. */
export const ANSWER = '@bench ';
