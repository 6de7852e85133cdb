import type { TrainingProgress, WordVectors } from '../../src/vectors/index.ts';
import { lines, scatter } from '../plots/index.ts';
import { points } from './tables.ts';

/** A plot of words in a plane and, if vectors were trained, one of the loss. */
export async function figuresOf(
  vectors: WordVectors,
  progress: readonly TrainingProgress[],
): Promise<string[]> {
  const plane = { title: 'first two principal components', width: 640 };
  const figures = [await scatter(points(vectors), plane)];
  if (progress.length > 0) {
    const loss = {
      name: 'loss',
      x: progress.map(({ words }) => words),
      y: progress.map((at) => at.loss),
    };
    figures.push(await lines([loss], { title: 'loss of an example', x: 'words' }));
  }
  return figures;
}
