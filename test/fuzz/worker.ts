/** A child process that runs cases, watched: one that takes too long or too much memory is ended, and another one goes on behind it. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Job, Message } from './child.ts';
import type { Outcome } from './judge.ts';

export interface Result {
  readonly kind: string;
  readonly index: number;
  readonly outcome: Outcome;
  readonly file: string;
}

export interface Limits {
  /** Of a case. */
  readonly seconds: number;
  /** Of a process. */
  readonly bytes: number;
}

const MIB = 2 ** 20;
/** What a process may keep more after its cases than after the first of them. */
const GROWTH = 96 * MIB;
const SETTLED = 600;
/** A process is replaced after so many cases, so that what it keeps does not add up. */
const CASES = 4000;

export class Worker {
  private child: ChildProcess | null = null;
  private cases = 0;
  /** Bytes in use when the process had run its first cases. */
  private settled: number | null = null;
  private readonly limits: Limits;
  private readonly env: NodeJS.ProcessEnv;

  constructor(limits: Limits, env: NodeJS.ProcessEnv) {
    this.limits = limits;
    this.env = env;
  }

  /** Runs the cases of a job, or as many as there are until `stop`. */
  async run(job: Job, onResult: (result: Result) => void): Promise<void> {
    for (let from = job.from; from < job.to && !this.stopped;)
      from = await this.runUntilItEnds({ ...job, from }, onResult);
  }

  /** Whether what the process has in use has grown too much. */
  private grown(bytes: number): string | null {
    if (this.cases < SETTLED) return null;
    this.settled ??= bytes;
    const more = bytes - this.settled;
    if (more < GROWTH) return null;
    this.settled = bytes;
    return `what is in use has grown by ${Math.round(more / MIB)} MiB after ${this.cases} cases of this process`;
  }

  stopped = false;
  /** Ends the process. */
  stop(): void {
    this.stopped = true;
    this.child?.kill('SIGKILL');
  }

  private start(): ChildProcess {
    this.cases = 0;
    this.settled = null;
    const path = fileURLToPath(new URL('child.mjs', import.meta.url));
    return fork(path, [], {
      // A case may write files of any name.
      cwd: this.env.TMPDIR,
      env: this.env,
      execArgv: ['--enable-source-maps', '--expose-gc', '--max-old-space-size=1024'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  }

  /** The case as a file, made by a new process, since the one that ran it is gone. */
  private describe(job: Job): Promise<string> {
    const child = (this.child = this.start());
    return new Promise((resolve) => {
      child.once('exit', () => {
        this.child = null;
        resolve('(making this case ends the process)');
      });
      child.once('message', (message: Message) => {
        child.removeAllListeners('exit');
        resolve('file' in message ? (message.file ?? '') : '');
      });
      child.send({ ...job, describe: true } satisfies Job);
    });
  }

  /** Until the job is done, or the process had to be ended, or ended by itself. */
  private runUntilItEnds(job: Job, onResult: (result: Result) => void): Promise<number> {
    if (this.cases > CASES) {
      this.child?.kill('SIGKILL');
      this.child = null;
    }
    const child = (this.child ??= this.start());
    const { kind } = job;
    return new Promise((resolve, reject) => {
      let index = job.from;
      let since = Date.now();
      let errors = '';
      let ended: Outcome | null = null;
      const finish = (next: number): void => {
        clearInterval(watch);
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
        child.stderr!.removeAllListeners('data');
        resolve(next);
      };
      const watch = setInterval(() => {
        const seconds = (Date.now() - since) / 1000;
        const size = residentBytes(child.pid!);
        if (seconds > this.limits.seconds)
          ended = { verdict: 'hang', message: `no end after ${this.limits.seconds} s` };
        else if (size > this.limits.bytes)
          ended = { verdict: 'memory', message: `the process took ${Math.round(size / MIB)} MiB` };
        if (ended) child.kill('SIGKILL');
      }, 100);
      child.stderr!.on('data', (part: Buffer) => (errors = (errors + String(part)).slice(-2000)));
      child.on('message', (message: Message) => {
        since = Date.now();
        if ('ended' in message) {
          this.cases++;
          onResult({ kind, index, outcome: message.outcome, file: message.file ?? '' });
          index++;
        } else if ('done' in message) {
          const grown = this.grown(message.bytes);
          if (grown)
            onResult({ kind, index, file: '', outcome: { verdict: 'memory', message: grown } });
          finish(job.to);
        } else if ('broken' in message) reject(new Error(`${kind} ${index}: ${message.broken}`));
      });
      child.on('exit', (code, signal) => {
        this.child = null;
        const how = `it ended with ${signal ?? `exit status ${code}`}\n${errors}`;
        const outcome = ended ?? ({ verdict: 'process died', message: how } as const);
        if (this.stopped) return finish(job.to);
        void this.describe({ ...job, from: index }).then((file) => {
          onResult({ kind, index, file, outcome });
          finish(index + 1);
        });
      });
      child.send(job);
    });
  }
}

/** Where it can be seen, which is on Linux. */
function residentBytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    return 0;
  }
}
