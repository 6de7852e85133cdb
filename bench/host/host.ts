/** The environments in which contenders run, as the measuring loop uses them. */
import type { Session } from '../session.ts';

export interface RemoteSession extends Session {
  /** Bytes in use on the JavaScript heap after a garbage collection. */
  heap(): Promise<number>;
  close(): Promise<void>;
}

export interface Host {
  /** A new page or process. */
  session(): Promise<RemoteSession>;
  /** Measures the first training step in a new browser context. Only in browsers. */
  cold?(contender: string, workload: string): Promise<{ time: number; losses: number[] }>;
  /** A session whose JavaScript heap contains only what the program keeps. */
  forMemory(): Promise<Host>;
  /** The runtime and its version. */
  readonly runtime: string;
  close(): Promise<void>;
}
