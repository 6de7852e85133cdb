/** The Universal Declaration of Human Rights in 24 languages, as the example `language` splits it: every fifth paragraph is held out. */
import { Alphabet } from '../../examples/language/alphabet.ts';
import { buildCorpus } from '../../examples/language/declaration.ts';
import type { Sample } from '../../examples/language/declaration.ts';
import { languages } from '../../examples/language/languages.ts';

/** Filled by `loadCorpus`. */
export const corpus = {
  languages: languages.map(({ name }) => name),
  alphabet: new Alphabet(''),
  /** By language, the text that is trained on. */
  texts: [] as string[],
  heldOut: [] as Sample[],
};

/** @param json the HTML of each declaration, by its code */
export function loadCorpus(json: string): void {
  const files = JSON.parse(json) as Record<string, string>;
  const { paragraphs, heldOut } = buildCorpus(languages.map(({ code }) => files[code]));
  corpus.heldOut = heldOut;
  corpus.texts = languages.map((_, label) =>
    paragraphs
      .filter((one) => one.label === label)
      .map(({ text }) => text)
      .join(' '),
  );
  corpus.alphabet = Alphabet.of(corpus.texts);
}
