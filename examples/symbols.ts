/** The id of padding, which an embedding with `maskZero` masks. */
export const PADDING = 0;
/** The id of symbols that are not in the table. */
export const UNKNOWN = 1;
/** The id of the first symbol of a table. */
export const FIRST = 2;

/** Ids of symbols (characters, words or names of something): 0 is padding, 1 an unknown symbol, and those of the table follow in its order. */
export class Symbols {
  readonly list: readonly string[];
  private readonly ids: Map<string, number>;

  /** @param symbols in the order of their ids; repetitions are left out */
  constructor(symbols: Iterable<string>) {
    this.list = [...new Set(symbols)];
    this.ids = new Map(this.list.map((symbol, i) => [symbol, i + FIRST]));
  }

  /** The number of ids, padding and the unknown symbol included. */
  get size(): number {
    return this.list.length + FIRST;
  }

  encode(symbols: Iterable<string>): Int32Array {
    return Int32Array.from(symbols, (symbol) => this.ids.get(symbol) ?? UNKNOWN);
  }

  /** The symbols, � for an unknown one; padding is left out. */
  decode(ids: Iterable<number>): string[] {
    return Array.from(ids)
      .filter((id) => id !== PADDING)
      .map((id) => this.list[id - FIRST] ?? '�');
  }
}
