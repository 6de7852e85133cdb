/** A corpus whose neighbours are known. */
import { Random } from '../../src/random.ts';
import type { TrainVectorsOptions } from '../../src/vectors/index.ts';

/** Sentences in which animals, fruits and metals stand in the same places among their own verbs. */
export function toyCorpus(sentences = 1500): string[][] {
  const kinds = [
    [
      ['cat', 'dog', 'cow', 'hen'],
      ['sleeps', 'runs', 'drinks'],
      ['field', 'barn'],
    ],
    [
      ['pear', 'plum', 'fig', 'lime'],
      ['ripens', 'falls', 'sweetens'],
      ['tree', 'garden'],
    ],
    [
      ['iron', 'zinc', 'lead', 'tin'],
      ['rusts', 'melts', 'shines'],
      ['furnace', 'mine'],
    ],
  ];
  const random = new Random(11);
  const one = (words: string[]): string => words[random.integer(words.length)];
  return Array.from({ length: sentences }, () => {
    const [things, verbs, places] = kinds[random.integer(3)];
    return ['the', one(things), one(verbs), 'in', 'the', one(places)];
  });
}
export const TOY: TrainVectorsOptions = {
  ...{ dimension: 10, window: 3, epochs: 15, seed: 4, batchSize: 16, learningRate: 0.05 },
  sample: 0.05,
};
