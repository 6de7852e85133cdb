/** The part of Papa Parse's interface that is used, and the function that loads it. */

export interface CsvParser {
  parse(
    text: string,
    config: {
      readonly delimiter: string;
      readonly quoteChar: string;
      readonly newline: '\n';
      step(result: CsvStep, handle: { abort(): void }): void;
    },
  ): unknown;
}

export interface CsvStep {
  readonly data: readonly string[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  /** Position in the text after the row. */
  readonly meta: { readonly cursor: number };
}

/** Loads Papa Parse. @throws Error if the package is not installed */
export async function csvParser(): Promise<CsvParser> {
  try {
    const found: unknown = await import('papaparse');
    return (found as { default?: CsvParser }).default ?? (found as CsvParser);
  } catch (error) {
    throw new Error(
      "readCsv: the package 'papaparse', which parses CSV, cannot be loaded: run `npm install papaparse`, or pass it " +
        'as { parser: Papa }',
      { cause: error },
    );
  }
}
