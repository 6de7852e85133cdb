import { WordVectors } from 'gatefold/vectors';
import type { Model } from 'gatefold';
import type { Neighbour } from 'gatefold/vectors';
import { groups } from '../../examples/vectors/words.ts';
import type { Lesson } from '../frame/lesson.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';
import { loadText, vocabularyOf } from './text.ts';
import { turnedTowards } from './turn.ts';
import type { Placed } from './turn.ts';

export interface Question {
  /** The word whose neighbours are shown. */
  readonly word: string;
  /** a is to b as c is to … */
  readonly analogy: readonly [a: string, b: string, c: string];
}
export interface View extends Question {
  readonly points: readonly (Placed & { readonly group: string })[];
  /** Null where the word is not known. */
  readonly neighbours: readonly Neighbour[] | null;
  readonly answers: readonly Neighbour[] | null;
  /** Words that are not known. */
  readonly unknown: readonly string[];
}

const FIRST: Question = { word: 'gold', analogy: ['he', 'his', 'she'] };
const [NEIGHBOURS, ANSWERS, LONGEST] = [8, 3, 30];

const isWord = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST;

/** What stands in an address may be anything. */
function questionOf(asked: unknown): Question {
  const { word, analogy } = (asked ?? {}) as Partial<Question>;
  return {
    word: isWord(word) ? word : FIRST.word,
    analogy:
      Array.isArray(analogy) && analogy.length === 3 && analogy.every(isWord)
        ? analogy
        : FIRST.analogy,
  };
}

/** Where the points of a model stood last. */
const places = new WeakMap<Model, readonly Placed[]>();

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ window }) => 512 * (2 * Number(window) + 1),
  load: async (read) => loadText(await read('verses.txt')),
  async heldOut(model, values) {
    const { x, y } = program.batch(values as never, 0, true);
    const { loss } = await model.testOnBatch(x, y);
    return { loss };
  },
  async view(model, values, _step, asked) {
    const question = questionOf(asked);
    const [{ data }] = await model.getWeights();
    const words = vocabularyOf(Number(values.words));
    const vectors = new WordVectors(words, Number(values.dimension), Float32Array.from(data as ArrayLike<number>)); // prettier-ignore
    const shown = Object.entries(groups).flatMap(([group, some]) =>
      some.filter((word) => vectors.has(word)).map((word) => ({ word, group })),
    );
    const projected = vectors.project(shown.map(({ word }) => word));
    const points = turnedTowards(places.get(model) ?? projected, projected);
    places.set(model, points);
    const all = [question.word, ...question.analogy];
    return {
      ...question,
      points: points.map((point, i) => ({ ...point, group: shown[i].group })),
      neighbours: vectors.has(question.word) ? vectors.nearest(question.word, NEIGHBOURS) : null,
      answers: question.analogy.every((word) => vectors.has(word))
        ? vectors.analogy(...question.analogy, ANSWERS)
        : null,
      unknown: all.filter((word, i) => !vectors.has(word) && all.indexOf(word) === i),
    };
  },
};
