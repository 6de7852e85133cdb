/** PyTorch's recurrent layers: golden -> float64 twin -> GPU, values and every gradient, through each variant of the fold. */
import { afterEach, describe, it } from 'vitest';
import { loadLargeFixture } from '../support/fixtures.ts';
import { checkRecurrent as check, freeSequence } from '../support/golden-recurrent.ts';
import { translate } from '../support/pytorch.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { goldenCases } from './cases.ts';

afterEach(freeSequence);

const rnnBasic = await goldenCases('rnn_basic', 'recurrent');
describe('golden rnn_basic', () => {
  it.each(rnnBasic)('$name', (golden) => check(translate(golden), TOLERANCE.gpu));
});

const rnnPacked = await goldenCases('rnn_packed', 'recurrent');
describe('golden rnn_packed', () => {
  it.each(rnnPacked)('$name', (golden) => check(translate(golden), TOLERANCE.gpu));
});

// Too large for this repository: it is run where ../shared/golden is beside it.
const large = (await loadLargeFixture('rnn_large')) ?? [];
if (large.length > 0)
  describe('golden rnn_large', () => {
    for (const golden of large)
      it(golden.name, () => check(translate(golden), TOLERANCE.long), 300_000);
  });
