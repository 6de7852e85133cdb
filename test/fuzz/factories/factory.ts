/** What takes options by name: how it is called, and how what it makes is put to use. */
export interface Factory {
  /** An expression in which OPTIONS stands for the options. */
  readonly call: string;
  /** By name their defaults, whose kinds count: null where they say nothing. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Lines that come first. */
  readonly lines?: string;
  /** Lines that use what was made, which MADE stands for. */
  readonly use: string;
  /** Options that are always given, as text: `decaySteps: 3, `. */
  readonly given?: string;
  /** Options that are numbers to compute with, where NaN may stand. */
  readonly data?: readonly string[];
}

/** A factory: `lines` come first; what it makes is read where `use` says nothing else. */
export const on = (
  lines: string,
  call: string,
  defaults: Readonly<Record<string, unknown>>,
  { use = 'await finite(await settled(MADE));', given, data }: Partial<Factory> = {},
): Factory => ({ lines, call, defaults, use, given, data });
