import { model as graph } from 'gatefold';
import type { Model } from 'gatefold';
import type { Lesson } from '../frame/lesson.ts';
import * as program from './program.ts';
import { ENGLISH, EXAMPLES, forced, FRENCH, HELD_OUT, read, START } from './sentences.ts';
import { settings } from './settings.ts';
import { translate } from './translate.ts';

export interface View {
  readonly english: readonly string[];
  readonly french: readonly string[];
  /** For each French word, how much the network looks at each English one; null without attention. */
  readonly weights: readonly (readonly number[])[] | null;
  /** Words of the typed sentence that the grammar does not have. */
  readonly unknown: readonly string[];
  readonly examples: readonly string[];
  readonly known: readonly string[];
}

const TESTED = 64;

/** The weights that a network's attention has for a sentence and its translation. */
async function lookedAt(network: Model, english: number[], french: number[]) {
  const attention = network.calls.find(({ layer }) => layer.name === 'attention');
  if (!attention) return null;
  const looking = graph({ inputs: network.inputs, outputs: attention.outputs[1] });
  const output = await looking.predict({
    source: [Int32Array.from(english)],
    target: [Int32Array.from([START, ...french].slice(0, Math.max(1, french.length)))],
  });
  const [weights] = (await output.array()) as number[][][];
  output.dispose();
  return weights.slice(0, french.length);
}

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: () => 32 * 9,
  async heldOut(model) {
    const { x, y } = forced(HELD_OUT.slice(0, TESTED));
    const { loss, accuracy } = await model.evaluate(x, y, { batchSize: TESTED, verbose: 0 });
    return { loss, accuracy };
  },
  async view(model, { sentence }) {
    const { words, unknown } = read(sentence as string);
    const english = words.map((word) => ENGLISH.indexOf(word));
    const french = english.length > 0 ? await translate(model, english) : [];
    return {
      ...{ english: words, unknown, examples: EXAMPLES, known: ENGLISH.slice(3) },
      french: french.map((id) => FRENCH[id]),
      weights: french.length > 0 ? await lookedAt(model, english, french) : null,
    };
  },
};
