/** Token of the padding, which the embedding masks. */
export const PADDING = 0;
/** Token of a character that the training text does not have. */
export const UNKNOWN = 1;

/** Maps characters to tokens: 0 is padding, 1 an unknown character, and from 2 on the characters in code point order. */
export class Alphabet {
  readonly characters: string;
  private readonly tokens: Map<string, number>;

  /** `characters` are distinct; their order gives the tokens. */
  constructor(characters: string) {
    this.characters = characters;
    this.tokens = new Map([...characters].map((character, index) => [character, index + 2]));
  }

  /** The alphabet of a text: training text only, or the held-out figures would be flattered. */
  static of(texts: Iterable<string>): Alphabet {
    const found = new Set<string>();
    for (const text of texts) for (const character of text) found.add(character);
    return new Alphabet([...found].sort().join(''));
  }

  /** Number of tokens, padding and unknown included. */
  get size(): number {
    return this.tokens.size + 2;
  }

  encode(text: string): number[] {
    return [...text].map((character) => this.tokens.get(character) ?? UNKNOWN);
  }
}
