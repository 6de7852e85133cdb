import { describe, expect, it } from 'vitest';
import { buildNetwork, write } from '../../examples/characters/network.ts';
import { Symbols } from '../../examples/symbols.ts';
import { textStreams } from '../../src/data/index.ts';
import { setDevice, wasm } from '../../src/index.ts';

describe('characters', () => {
  it('learns a text by heart, and writes it', async () => {
    setDevice(await wasm());
    const line = 'the cat sat on the mat.\n';
    const symbols = new Symbols([...line].sort());
    const streams = textStreams(symbols.encode(line.repeat(60)), {
      batchSize: 8,
      sequenceLength: 24,
    });
    const epochs = 15;
    const network = buildNetwork(symbols.size, streams.size! * epochs, {
      ...{ units: 32, depth: 2, dropout: 0.1, learningRate: 0.02, seed: 1 },
    });
    const { history } = await network.fit(streams, { epochs, verbose: 0 });
    const { bitsPerCharacter, perplexity } = history;
    expect(bitsPerCharacter.at(-1)).toBeLessThan(0.3);
    expect(perplexity.at(-1)).toBeCloseTo(2 ** bitsPerCharacter.at(-1)!, 4);
    const written = await write(network, symbols, line.slice(0, 9), {
      ...{ length: 15, temperature: 0.1, seed: 1 },
    });
    expect(written).toBe(line);
  });
});
