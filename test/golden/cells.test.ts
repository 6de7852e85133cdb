/** PyTorch's cells and the reset-before GRU: the recurrent golden cases that are quick enough for every runtime. */
import { afterEach, describe, it } from 'vitest';
import { loadFixture } from '../support/fixtures.ts';
import type { GoldenCase } from '../support/fixtures.ts';
import { checkRecurrent as check, freeSequence } from '../support/golden-recurrent.ts';
import { translateCell, translateResetBefore } from '../support/pytorch.ts';
import { TOLERANCE } from '../support/tolerances.ts';

afterEach(freeSequence);

const rnnCells = await loadFixture('rnn_cells');
describe('golden rnn_cells', () => {
  it.each(rnnCells)('$name', (golden) => check(translateCell(golden), TOLERANCE.gpu));
});

const rnnVariants = await loadFixture('rnn_variants');
describe('golden rnn_variants', () => {
  const here = rnnVariants.filter((golden: GoldenCase) => golden.op === 'gru_reset_before');
  it.each(here)('$name', (golden) => check(translateResetBefore(golden), TOLERANCE.gpu));
});
