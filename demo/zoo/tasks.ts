// What the cells are to learn.
import { losses } from 'gatefold';
import type { Random } from 'gatefold';

const numbers = <T>(count: number, of: (i: number) => T) => Array.from({ length: count }, (_, i) => of(i)); // prettier-ignore

/** Each makes a sequence and its answer. `guess` is the loss of the best answer without memory. */
export const tasks = {
  recall: {
    ...{ steps: 20, features: 4, outputs: 4, everyStep: false, guess: Math.log(4) },
    loss: () => losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    sequence(random: Random, steps: number) {
      const first = random.integer(4);
      const noise = () => numbers(4, () => 0.3 * random.normal());
      const symbol = numbers(4, (k) => Number(k === first));
      return { x: numbers(steps, (t) => (t === 0 ? symbol : noise())), y: first };
    },
  },
  adding: {
    ...{ steps: 24, features: 2, outputs: 1, everyStep: false, guess: 1 / 6 },
    loss: () => losses.meanSquaredError(),
    sequence(random: Random, steps: number) {
      const marked = [random.integer(steps / 2), steps / 2 + random.integer(steps / 2)];
      const values = numbers(steps, () => random.uniform());
      const x = values.map((value, t) => [value, Number(marked.includes(t))]);
      return { x, y: [values[marked[0]] + values[marked[1]]] };
    },
  },
  parity: {
    ...{ steps: 12, features: 1, outputs: 1, everyStep: true, guess: Math.log(2) },
    loss: () => losses.binaryCrossentropy({ fromLogits: true }),
    sequence(random: Random, steps: number) {
      let odd = 0;
      const bits = numbers(steps, () => random.integer(2));
      return { x: bits.map((bit) => [bit]), y: bits.map((bit) => [(odd ^= bit)]) };
    },
  },
};
