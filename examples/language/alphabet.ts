/** The token of padding, which the embedding masks. */
export const PADDING = 0;
/** The token of characters that do not occur in the training text. */
export const UNKNOWN = 1;

/** Maps characters to tokens: 0 is padding, 1 an unknown character, and the known ones follow in the order of their code points. */
export class Alphabet {
  readonly characters: string;
  private readonly tokens: Map<string, number>;

  /** @param characters distinct characters, in the order of their tokens */
  constructor(characters: string) {
    this.characters = characters;
    this.tokens = new Map([...characters].map((character, index) => [character, index + 2]));
  }

  /** The alphabet of the training text. Held-out text must not be included: its characters count as unknown. */
  static of(texts: Iterable<string>): Alphabet {
    const found = new Set<string>();
    for (const text of texts) for (const character of text) found.add(character);
    return new Alphabet([...found].sort().join(''));
  }

  /** The number of tokens, padding and the unknown character included. */
  get size(): number {
    return this.tokens.size + 2;
  }

  encode(text: string): number[] {
    return [...text].map((character) => this.tokens.get(character) ?? UNKNOWN);
  }
}
