/** Decoders with attention, step by step: what they attend to is given whole, and stays the same. */
import { describe, expect, it } from 'vitest';
import * as cells from '../../src/layers/cells/index.ts';
import * as layers from '../../src/layers/index.ts';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import { generate } from '../../src/model/generate/generate.ts';
import { model as graph } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import type { Device } from '../../src/backend.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { ints } from './support.ts';

const { input, rnn } = layers;
const [B, T, V, H, TOKENS] = [2, 5, 4, 6, 7];
const ids = integers([B, T], 1, 1, TOKENS);
const memory = floats([B, V, H], 2);
const mask = ints([B, V], 1, 1, 1, 0, 1, 0, 1, 1);
const state = floats([B, H], 3);

/** Logits of the next token, given ids, a memory, its mask and the first state. */
const DECODERS: [string, (x: SymbolicTensor, given: SymbolicTensor[]) => SymbolicTensor][] = [
  ['attention', (x, given) => after(layers.attention(), x, given)],
  ['additiveAttention', (x, given) => after(layers.additiveAttention(), x, given)],
  ['multiHeadAttention', (x, given) => after(layers.multiHeadAttention(2, 3), x, given)],
  ...(['additive', 'dot', 'general'] as const).map((scoreMode): (typeof DECODERS)[number] => [
    `a cell, ${scoreMode}`,
    (x, [seen, which, h]) =>
      rnn(cells.attention(cells.gru(H), { scoreMode }), { returnSequences: true }).apply(x, {
        constants: [seen, which],
        initialState: [h],
      }),
  ]),
];

function after(
  layer: ReturnType<typeof layers.attention | typeof layers.multiHeadAttention>,
  x: SymbolicTensor,
  [seen, which, h]: SymbolicTensor[],
): SymbolicTensor {
  const decoded = layers.gru(H, { returnSequences: true }).apply(x, { initialState: [h] });
  const context = layer.apply([decoded, seen], { mask: [null, which] });
  return layers.concatenate().apply([context, decoded]);
}

function decoderOf(make: (typeof DECODERS)[number][1], device: Device): Model {
  const tokens = input({ shape: [null], dtype: 'int32', name: 'tokens' });
  const given = [
    input({ shape: [null, H], name: 'memory' }),
    input({ shape: [null], dtype: 'int32', name: 'mask' }),
    input({ shape: [H], name: 'state' }),
  ];
  const outputs = layers
    .dense(TOKENS)
    .apply(make(layers.embedding(TOKENS, 4).apply(tokens), given));
  return graph({ inputs: [tokens, ...given], outputs, device, seed: 6 });
}

async function predicted(model: Model, tokens: Host): Promise<Float32Array> {
  const output = await model.predict([tokens, memory, mask, state]);
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}

describe.each(DECODERS)('a decoder with %s', (_, make) => {
  it.each(float32Devices)('streams on %s what predict gives', async (_name, open) => {
    const model = decoderOf(make, await open());
    const expected = await predicted(model, ids);
    const stream = model.stream({ streams: B });
    for (let t = 0; t < T; t++) {
      const step = Int32Array.from({ length: B }, (_, row) => ids.data[row * T + t]);
      const y = await stream.step<Float32Array>([{ data: step, shape: [B] }, memory, mask, state]);
      const at = Array.from({ length: B }, (_, row) => [
        ...expected.slice((row * T + t) * TOKENS, (row * T + t + 1) * TOKENS),
      ]);
      expectClose(y, at.flat(), `step ${t}`);
    }
    stream.dispose();
  });

  it.each(float32Devices)('generates on %s as predict says, greedily', async (_name, open) => {
    const model = decoderOf(make, await open());
    const { sequences } = await generate(model, {
      prefix: [[1], [2]],
      inputs: { memory, mask, state },
      maxNewTokens: 4,
      fromLogits: true,
    });
    for (const [row, found] of sequences.entries()) {
      expect(found).toHaveLength(4);
      const tokens = { shape: [B, 4], data: new Int32Array(4 * B).fill(1) };
      tokens.data.set([row + 1, ...found.slice(0, 3)], row * 4);
      const logits = await predicted(model, tokens);
      found.forEach((token, t) => {
        const own = logits.slice((row * 4 + t) * TOKENS, (row * 4 + t + 1) * TOKENS);
        expect(own[token]).toBeGreaterThanOrEqual(Math.max(...own) - 1e-5);
      });
    }
  });
});

describe('attention in a stream', () => {
  it('refuses a memory that goes step by step, and causal attention', () => {
    const x = input({ shape: [null, H] });
    const self = graph({ inputs: x, outputs: layers.attention().apply([x, x]), device: reference });
    expect(() => self.stream()).toThrow(/^stream: expected layers that need no later step, got 'attention'/); // prettier-ignore
    const [q, v] = [input({ shape: [null, H] }), input({ shape: [null, H] })];
    const outputs = layers.attention({ useCausalMask: true }).apply([q, v]);
    const causal = graph({ inputs: [q, v], outputs, device: reference });
    expect(() => causal.stream()).toThrow(/got 'attention'/);
  });
});
