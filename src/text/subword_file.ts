/** The vocabulary file of `tfds`: two lines that begin with `###`, then one subword per line in single quotes. */
import { checkText } from './checks.ts';

const HEADER = '### SubwordTextEncoder';
const METADATA = '### Metadata: ';

/** The text of a vocabulary file. @throws Error if a line end within a subword would read as the end of the subword */
export function vocabularyText(subwords: readonly string[]): string {
  const text = [HEADER, `${METADATA}{}`, ...subwords.map((word) => `'${word}'`), ''].join('\n');
  const read = vocabularyOf(text);
  const wrong = subwords.findIndex((word, k) => word !== read[k]);
  if (wrong >= 0 || read.length !== subwords.length)
    throw new Error(
      `SubwordEncoder: subword ${JSON.stringify(subwords[wrong])} has quotes around a line end and cannot stand in a ` +
        'vocabulary file; keep `subwords` as JSON',
    );
  return text;
}

/** The subwords of a vocabulary file. @throws Error with the line if it is malformed */
export function vocabularyOf(text: string): string[] {
  checkText('SubwordEncoder: vocabulary file', text);
  const lines = text.split('\n');
  const fail = (line: number, expected: string) => {
    throw new Error(
      `SubwordEncoder: vocabulary file, line ${line + 1}: expected ${expected}, got ${JSON.stringify(lines[line] ?? '')}`,
    );
  };
  if (lines[0] !== HEADER) fail(0, `'${HEADER}'`);
  if (!lines[1]?.startsWith(METADATA)) fail(1, `'${METADATA}...'`);
  if (lines.at(-1) === '') lines.pop();
  const subwords: string[] = [];
  for (let k = 2; k < lines.length; k++) {
    const first = k;
    if (!lines[k].startsWith("'")) fail(k, 'a subword in single quotes');
    // A subword may contain line ends: it ends at a quote that ends a line, if the next line starts with one.
    let entry = lines[k];
    while (!(entry.length > 1 && entry.endsWith("'") && (lines[k + 1] ?? "'").startsWith("'"))) {
      if (++k >= lines.length) fail(first, 'a subword in single quotes');
      entry += `\n${lines[k]}`;
    }
    subwords.push(entry.slice(1, -1));
  }
  return subwords;
}
