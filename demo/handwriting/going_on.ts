import { losses, Random } from 'gatefold';
import type { Model } from 'gatefold';
import { GAUSSIANS, minScale } from './program.ts';
import { scaled, SCALE } from './strokes.ts';

/** Goes on where a drawing ends. @param bias above 0 writes neater than the network has seen it */
export async function goOn(
  network: Model,
  begun: readonly number[],
  count: number,
  options: { bias: number; seed: number },
) {
  const random = new Random(options.seed);
  const stream = network.stream();
  const seen = [0, 0, 0, ...scaled(begun, 1 / SCALE)];
  let outputs = await stream.step({ data: seen, shape: [1, seen.length / 3, 3] });
  const drawing = [...begun];
  for (let i = 0; i < count; i++) {
    const last = outputs.slice(-(6 * GAUSSIANS + 1));
    const point = losses.sampleMixture(last, { random, rows: 1, bias: options.bias, minScale });
    drawing.push(...scaled(point, SCALE));
    outputs = await stream.step({ data: point, shape: [1, 1, 3] });
  }
  stream.dispose();
  return drawing;
}
