import { loadModel } from '../../src/index.ts';
import type { Device } from '../../src/index.ts';
import { Alphabet } from '../../examples/language/alphabet.ts';
import { MAX_LENGTH } from '../../examples/language/declaration.ts';
import { guesses } from '../../examples/language/guess.ts';
import type { Guess } from '../../examples/language/guess.ts';
import type { Language } from '../../examples/language/languages.ts';
import { classify } from '../../examples/language/training.ts';

/** Thrown if there is no model to load yet. */
export class NoModelError extends Error {
  override name = 'NoModelError';
}

/** Guesses the language of a text by its last `MAX_LENGTH` characters, the length of the longest training sentences. */
export type Classifier = (text: string) => Promise<Guess[]>;

/** Loads the model and the alphabet that `npm start` saved. */
export async function loadClassifier(folder: URL, device: Device): Promise<Classifier> {
  const response = await fetch(new URL('alphabet.json', folder));
  if (!response.ok) throw new NoModelError(`${response.url} answered ${response.status}`);
  const { characters, languages } = (await response.json()) as {
    characters: string;
    languages: Language[];
  };
  const alphabet = new Alphabet(characters);
  const model = await loadModel(folder, { device });
  return async (text) => {
    const [logits] = await classify(model, [{ text: text.slice(-MAX_LENGTH) }], alphabet);
    return guesses(logits, languages, 8);
  };
}
