/** PyTorch's cells and the reset-before GRU: the recurrent golden cases that are quick enough for every runtime. */
import { describe, it } from 'vitest';
import { checkRecurrent as check } from '../support/golden-recurrent.ts';
import { translateCell, translateResetBefore } from '../support/pytorch.ts';
import { goldenCases } from './cases.ts';

const rnnCells = await goldenCases('rnn_cells', 'cells');
describe('golden rnn_cells', () => {
  it.each(rnnCells)('$name', (golden) => check(translateCell(golden), 'op'));
});

const rnnVariants = await goldenCases('rnn_variants', 'cells');
describe('golden rnn_variants', () => {
  it.each(rnnVariants)('$name', (golden) => check(translateResetBefore(golden), 'op'));
});
