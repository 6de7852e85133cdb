/** What `fit` and `evaluate` print, worded as in Keras: a bar rewritten in place, or one line an epoch. */
import type { Logs } from './history.ts';

/** 0: nothing is printed. 1: a bar in a terminal, elsewhere a line an epoch. 2: a line an epoch. */
export type Verbosity = 0 | 1 | 2;

/** Where progress is printed: standard output, or something like it. */
export interface Output {
  /** Whether a line can be rewritten in place. */
  readonly isTerminal: boolean;
  /** Characters of a line. */
  readonly columns: number;
  /** Takes what is printed. */
  write(text: string): void;
}

/** How far an epoch is. */
export interface ProgressState {
  /** Steps done. */
  readonly step: number;
  /** Steps of the epoch; null where a generator does not say. */
  readonly steps: number | null;
  /** Since the epoch began. */
  readonly seconds: number;
  /** The numbers of the epoch so far. */
  readonly logs: Logs;
}

/** Seconds between two lines where no bar can be drawn. */
const LINE_SECONDS = 10;
/** Characters of a bar. */
const BAR = 20;

/** `3/10 ━━━━━━────────────── 1s 150ms/step - loss: 0.6931`: the time left while running, the time taken when done. */
export function progressLine(state: ProgressState, done: boolean, columns = Infinity): string {
  const { step, steps, seconds, logs } = state;
  const total = steps === null ? '' : `/${steps}`;
  const count = `${String(step).padStart(String(steps ?? '').length)}${total}`;
  const each = step > 0 ? seconds / step : 0;
  const shown = done || steps === null ? seconds : each * (steps - step);
  const times = step > 0 ? `${describeSeconds(shown)} ${describeStep(each)}` : '';
  const values = Object.entries(logs).map(([name, value]) => `${name}: ${describeNumber(value)}`);
  const rest = [times, ...values].filter((part) => part !== '').join(' - ');
  const room = Math.min(BAR, columns - 1 - count.length - rest.length - 2);
  const filled = steps === null ? 0 : Math.round((room * Math.min(step, steps)) / steps);
  const bar = steps === null || room < 4 ? '' : '━'.repeat(filled) + '─'.repeat(room - filled);
  const line = [count, bar, rest].filter((part) => part !== '').join(' ');
  // A line that wraps cannot be rewritten in place.
  return line.length < columns ? line : line.slice(0, Math.max(0, columns - 1));
}

function describeNumber(value: number): string {
  return value === 0 || Math.abs(value) > 1e-3 ? value.toFixed(4) : value.toExponential(4);
}

function describeSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const pad = (n: number): string => String(n).padStart(2, '0');
  const [minutes, hours] = [Math.floor(whole / 60) % 60, Math.floor(whole / 3600)];
  return hours > 0
    ? `${hours}:${pad(minutes)}:${pad(whole % 60)}`
    : `${minutes}:${pad(whole % 60)}`;
}

function describeStep(seconds: number): string {
  if (seconds >= 1) return `${Math.round(seconds)}s/step`;
  if (seconds >= 1e-3) return `${Math.round(seconds * 1e3)}ms/step`;
  return `${Math.round(seconds * 1e6)}us/step`;
}

/** Prints the progress of one epoch, or of an evaluation. */
export class Progress {
  private readonly output: Output;
  private readonly bar: boolean;
  private lastLine = 0;
  private width = 0;

  constructor(verbose: Verbosity, output: Output) {
    this.output = output;
    this.bar = verbose === 1 && output.isTerminal;
  }

  begin(title: string | null): void {
    this.lastLine = 0;
    this.width = 0;
    if (title !== null) this.output.write(`${title}\n`);
  }

  update(state: ProgressState): void {
    if (this.bar) this.rewrite(progressLine(state, false, this.output.columns));
    else if (state.seconds - this.lastLine >= LINE_SECONDS) {
      this.lastLine = state.seconds;
      this.output.write(`${progressLine(state, false)}\n`);
    }
  }

  end(state: ProgressState): void {
    if (this.bar) {
      this.rewrite(progressLine(state, true, this.output.columns));
      this.output.write('\n');
    } else this.output.write(`${progressLine(state, true)}\n`);
  }

  /** Ends the line that an error or an abort left unfinished. */
  interrupt(): void {
    if (this.bar && this.width > 0) this.output.write('\n');
    this.width = 0;
  }

  private rewrite(line: string): void {
    this.output.write(`\r${line.padEnd(this.width)}`);
    this.width = line.length;
  }
}

/**
 * What prints, by the options; null where nothing is to be printed, as by default in a browser. In Node and Deno the
 * texts go to standard output, in a browser to the console.
 */
export function progressFor(options: { verbose?: Verbosity; output?: Output }): Progress | null {
  const { process } = globalThis as { process?: { stdout?: StandardOutput } };
  const stream = process?.stdout?.write ? process.stdout : null;
  const verbose = options.verbose ?? (stream ? 1 : 0);
  return verbose === 0 ? null : new Progress(verbose, options.output ?? outputOf(stream));
}

interface StandardOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

function outputOf(stream: StandardOutput | null): Output {
  return {
    isTerminal: stream?.isTTY === true,
    columns: stream ? (stream.columns ?? 80) : Infinity,
    write(text) {
      if (stream) stream.write(text);
      // eslint-disable-next-line no-console -- asked for by `verbose`, and a page has no other output
      else console.log(text.replace(/\n$/, ''));
    },
  };
}
