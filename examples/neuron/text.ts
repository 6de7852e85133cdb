// A text as numbers, and what there is to know of each of its characters.

/** Characters as numbers from 1 on; 0 for those that the training text does not have. */
export class Characters {
  private readonly numbers: Map<string, number>;

  constructor(text: string) {
    const known = [...new Set(text.split(''))].sort();
    this.numbers = new Map(known.map((character, i) => [character, i + 1]));
  }
  get size(): number {
    return this.numbers.size + 1;
  }
  encode(text: string): Int32Array {
    return Int32Array.from(text.split(''), (character) => this.numbers.get(character) ?? 0);
  }
}

/** Facts of a character, 0 and 1 or a count. */
export const PROPERTIES = [
  'in quotes',
  'in a comment',
  'brackets open',
  'place in the line',
] as const;
export type Property = (typeof PROPERTIES)[number];

const OPEN = '([{';
const CLOSE = ')]}';
const QUOTES = '\'"`';

/**
 * By property, the fact of each character, as a reader knows it who has read up to and with that character. Comments are those of C,
 * quotes end at the end of their line unless they are backquotes, and regular expressions and `${}` are not understood.
 */
export function propertiesOf(text: string): Record<Property, Float32Array> {
  const facts = Object.fromEntries(
    PROPERTIES.map((name) => [name, new Float32Array(text.length)]),
  ) as Record<Property, Float32Array>;
  let quote = '';
  let comment = '';
  let depth = 0;
  let place = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    const before = i > 0 ? text[i - 1] : '';
    if (comment === '//') {
      if (character === '\n') comment = '';
    } else if (comment === '/*') {
      if (before === '*' && character === '/') comment = '';
    } else if (quote !== '') {
      const escaped = before === '\\' && text[i - 2] !== '\\';
      if ((character === quote && !escaped) || (character === '\n' && quote !== '`')) quote = '';
    } else if (before === '/' && (character === '/' || character === '*'))
      comment = before + character; // prettier-ignore
    else if (QUOTES.includes(character)) quote = character;
    else if (OPEN.includes(character)) depth++;
    else if (CLOSE.includes(character)) depth = Math.max(0, depth - 1);
    facts['in quotes'][i] = Number(quote !== '');
    facts['in a comment'][i] = Number(comment !== '');
    facts['brackets open'][i] = depth;
    facts['place in the line'][i] = place;
    place = character === '\n' ? 0 : place + 1;
  }
  return facts;
}
