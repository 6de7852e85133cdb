/** LSTM with layer normalization: golden -> float64 twin -> each device, values and every gradient, in chunks and whole. */
import { describe, it } from 'vitest';
import { checkRecurrent } from '../support/golden-recurrent.ts';
import { translateLayerNorm } from '../support/pytorch.ts';
import { goldenCases } from './cases.ts';

const cases = await goldenCases('rnn_variants', 'layernorm_cell');
describe('golden rnn_variants', () => {
  it.each(cases)('$name', (golden) => checkRecurrent(translateLayerNorm(golden), 'op'));
});
