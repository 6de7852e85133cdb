/** PyTorch's LSTM with proj_size: golden -> float64 twin -> each device, values and every gradient, in chunks and whole. */
import { describe, it } from 'vitest';
import { checkRecurrent } from '../support/golden-recurrent.ts';
import { translate } from '../support/pytorch.ts';
import { goldenCases } from './cases.ts';

const cases = await goldenCases('rnn_proj', 'projection');
describe('golden rnn_proj', () => {
  it.each(cases)('$name', (golden) => checkRecurrent(translate(golden), 'op'));
});
