import { expect, it } from 'vitest';
import { buildNetwork, remember } from '../../examples/memory/network.ts';
import { setDevice } from '../../src/index.ts';
import { gpu } from '../support/devices.ts';

it('memory: gives the outputs of the worked example, and others in another order', async () => {
  setDevice(await gpu());
  const network = buildNetwork();
  const steps = await remember(network, [
    [1, 1],
    [1, 1],
    [2, 2],
  ]);
  expect(steps).toEqual([
    { input: [1, 1], before: [0, 0], after: [2, 2], output: [4, 4] },
    { input: [1, 1], before: [2, 2], after: [6, 6], output: [12, 12] },
    { input: [2, 2], before: [6, 6], after: [16, 16], output: [32, 32] },
  ]);
  const reversed = await remember(network, [
    [2, 2],
    [1, 1],
    [1, 1],
  ]);
  expect(reversed.map(({ output }) => output[0])).toEqual([8, 20, 44]);
  network.dispose();
});
