/** What is known of the tokens before they are generated, in the form in which the kernels take it. */
import type { Settings } from './options.ts';

/** What kernels are told of a token: it never comes, or it ends a row. */
const FORBIDDEN = 1;
const STOP = 2;
/** In a script: any token, and a token of the prefix. */
const FREE = -1;
const ofPrefix = (id: number): number => -2 - id;

export class Prompt {
  readonly rows: number;
  /** By row, where its first new token stands. */
  readonly starts: readonly number[];
  /** How many tokens at the beginning are taken in at once: all have a token after them. */
  readonly common: number;
  /** [vocabulary] */
  readonly kinds: Int32Array;
  /** What ends a row. */
  readonly stops: ReadonlySet<number>;
  /** [rows, length] */
  readonly script: Int32Array;
  readonly length: number;
  /** Steps after those taken in at once, until every row has as many tokens as it may; infinite where there is no limit. */
  readonly steps: number;
  private readonly prefix: Settings['prefix'];

  /** @param copies of each row, one after the other */
  constructor(settings: Settings, copies: number) {
    const { forcedTokens, maxNewTokens, vocabulary } = settings;
    this.prefix = settings.prefix.flatMap((ids) => Array<readonly number[]>(copies).fill(ids));
    this.rows = this.prefix.length;
    this.starts = this.prefix.map((ids) => ids.length);
    this.common = Math.min(...this.starts) - 1;
    const most = Math.max(...maxNewTokens);
    this.steps = Math.max(...this.starts) + most - 1 - this.common;
    this.kinds = new Int32Array(vocabulary);
    const { stopTokens, forbiddenTokens } = settings;
    this.stops = new Set(stopTokens.filter((id) => !forbiddenTokens.includes(id)));
    for (const id of forbiddenTokens) this.kinds[id] = FORBIDDEN;
    for (const id of this.stops) this.kinds[id] = STOP;
    this.length = Math.max(...this.starts) + forcedTokens.length;
    this.script = new Int32Array(this.rows * this.length).fill(FREE);
    this.prefix.forEach((ids, row) => {
      const told = [...ids.map(ofPrefix), ...forcedTokens.map((id) => id ?? FREE)];
      this.script.set(told, row * this.length);
    });
  }

  /** The first `common` ids of each row of as many as `copies` rows for one of these. */
  beginning(copies = 1): Int32Array {
    const rows = this.prefix.flatMap((ids) =>
      Array<readonly number[]>(copies).fill(ids.slice(0, this.common)),
    );
    return Int32Array.from(rows.flat());
  }

  /** The id after these, of each row. */
  next(copies = 1): Int32Array {
    return Int32Array.from(
      this.prefix.flatMap((ids) => Array<number>(copies).fill(ids[this.common])),
    );
  }
}
