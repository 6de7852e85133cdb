/** Where contenders run, as the measuring loop sees it. */
import type { Session } from '../session.ts';

export interface RemoteSession extends Session {
  /** Bytes of the JavaScript heap that are in use after a collection. */
  heap(): Promise<number>;
  close(): Promise<void>;
}

export interface Host {
  /** A new page or process. */
  session(): Promise<RemoteSession>;
  /** The first training step from nothing, in a place where nothing has run. Browsers only. */
  cold?(contender: string, workload: string): Promise<{ time: number; losses: number[] }>;
  /** One whose JavaScript heap holds nothing but what the program keeps. */
  forMemory(): Promise<Host>;
  /** What runs the contenders, with its version. */
  readonly runtime: string;
  close(): Promise<void>;
}
