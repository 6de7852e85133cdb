/** Initial values that the WebAssembly device draws: the same to the bit as those of JavaScript. */
import { describe, expect, it } from 'vitest';
import { getInitializer } from '../../src/initializers.ts';
import { cpu, layers, sequential, wasm } from '../../src/index.ts';
import type { Device } from '../../src/index.ts';
import { keyOf, philox, Random } from '../../src/random.ts';

const SEED = 0xa4093822 + 0x1234 * 2 ** 32;

/** A sequence whose words come from the device. */
async function native(seed: number): Promise<Random> {
  const random = new Random(seed);
  random.device = await wasm();
  return random;
}

describe('drawing on the WebAssembly device', () => {
  it('gives the words of every block', async () => {
    const key = keyOf(SEED);
    for (const first of [0, 7, 2 ** 32 - 20]) {
      const words = (await wasm()).words!(first, 20, key);
      const blocks = Array.from({ length: words.length / 4 }, (_, k) => first + k);
      expect(Array.from(words)).toEqual(
        blocks.flatMap((block) => [...philox([block, 0, 0, 0], key)]),
      );
    }
  });

  it('goes on where it stopped, whatever is drawn', async () => {
    const [plain, fast] = [new Random(SEED), await native(SEED)];
    const draw = (random: Random) =>
      Array.from({ length: 3000 }, (_, i) =>
        i % 3 === 0 ? random.uniform(-1, 3) : i % 3 === 1 ? random.normal() : random.integer(7),
      );
    expect(draw(fast)).toEqual(draw(plain));
  });

  // Numbers of vectors with each rest of four, lying and standing, and one alone.
  it.each([
    [4, 9],
    [13, 5],
    [6, 6],
    [31, 70],
    [1, 3],
    [0, 4],
    [2, 3, 11],
  ])('makes the orthogonal matrix of %i by %i', async (...shape) => {
    for (const options of [{}, { gain: 2 }]) {
      const make = getInitializer({ name: 'orthogonal', ...options });
      expect(make(shape, await native(SEED))).toEqual(make(shape, new Random(SEED)));
    }
  });

  it('begins models with the same weights as a device without it', async () => {
    const weights = async (device: Device) => {
      const model = sequential(
        [layers.embedding(300, 20), layers.lstm(24), layers.dense(3, { name: 'last' })],
        { seed: 5, device },
      );
      model.buildFor([2, 7]);
      return (await model.getWeights()).map(({ data }) => Array.from(data));
    };
    expect(await weights(await wasm())).toEqual(await weights(cpu()));
  });
});
