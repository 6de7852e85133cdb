import type { Draw } from './draw.ts';

/** What is tried. */
export interface Kind {
  /** Cases in the run that is part of the tests. */
  readonly cases: number;
  /** What its cases take turns at, case i at part i modulo their number: they are counted one by one. */
  readonly parts?: readonly string[];
  /** Tried only where it is asked for. */
  readonly isHidden?: boolean;
  /**
   * Lines of a program from the choices that it is given, without `return`; the device is set before them. What it throws is judged: an Error
   * that says what was expected is right, and so is none.
   */
  make(draw: Draw, index: number): string | Promise<string>;
}
