/** PyTorch's recurrent layers: golden -> float64 twin -> each device, values and every gradient, through each way to run a sequence. */
import { describe, it } from 'vitest';
import { loadLargeFixture } from '../support/fixtures.ts';
import { checkRecurrent as check } from '../support/golden-recurrent.ts';
import { translate } from '../support/pytorch.ts';
import { goldenCases } from './cases.ts';

const rnnBasic = await goldenCases('rnn_basic', 'recurrent');
describe('golden rnn_basic', () => {
  it.each(rnnBasic)('$name', (golden) => check(translate(golden), 'op'));
});

const rnnPacked = await goldenCases('rnn_packed', 'recurrent');
describe('golden rnn_packed', () => {
  it.each(rnnPacked)('$name', (golden) => check(translate(golden), 'op'));
});

// Too large for this repository: it is run where ../shared/golden is beside it.
const large = (await loadLargeFixture('rnn_large')) ?? [];
if (large.length > 0)
  describe('golden rnn_large', () => {
    for (const golden of large) it(golden.name, () => check(translate(golden), 'long'), 300_000);
  });
