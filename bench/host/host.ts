/** The environments in which contenders run, as the measuring loop uses them. */
import type { Session } from '../session.ts';

export interface RemoteSession extends Session {
  /** Bytes in use on the JavaScript heap, after a garbage collection or as it is. */
  heap(collected?: boolean): Promise<number>;
  close(): Promise<void>;
}

export interface Host {
  /** A new page or process. */
  session(): Promise<RemoteSession>;
  /** Measures the first training step in a new browser context. Only in browsers. */
  cold?(contender: string, workload: string): Promise<{ time: number; losses: number[] }>;
  /** Sessions whose JavaScript heap contains only what the program allocates, which is kept until it is collected. */
  forMemory(): Promise<Host>;
  /** The runtime and its version. */
  readonly runtime: string;
  close(): Promise<void>;
}

/**
 * V8's flags for measuring memory. It compiles hot functions again and again, and their code counts as heap; with these flags it only
 * interprets, allocates feedback vectors at once, and collects nothing of its own accord before 64 MB.
 */
export const PLAIN_HEAP_FLAGS: readonly string[] = [
  '--no-opt',
  '--no-maglev',
  '--no-sparkplug',
  '--no-lazy-feedback-allocation',
  '--no-flush-bytecode',
  '--min-semi-space-size=64',
];
