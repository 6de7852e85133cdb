/** Which golden cases are tested where. `coverage.test.ts` holds that every case is, or is left out by name and reason. */
import { loadFixture } from '../support/fixtures.ts';
import type { GoldenCase } from '../support/fixtures.ts';
import { reasonToLeaveOut } from './left-out.ts';

/** By suite and file (without .test.ts): the ops that it runs, all or those named. What is left out is taken off. */
export const TESTED: Record<string, Record<string, 'all' | readonly string[]>> = {
  audio: { audio: 'all' },
  rnn_basic: { recurrent: 'all' },
  rnn_packed: { recurrent: 'all' },
  rnn_cells: { cells: 'all' },
  rnn_proj: { projection: 'all' },
  rnn_variants: {
    cells: ['gru_reset_before'],
    peephole: ['lstm_peephole'],
    layernorm_cell: ['lstm_layernorm'],
  },
  activations: { activations: 'all' },
  losses: { losses: 'all' },
  optim: { optim: 'all' },
  schedulers: { schedules: 'all' },
  layers: {
    attention: ['attention'],
    batchnorm: ['batchnorm1d'],
    conv1d: ['conv1d'],
    embedding: ['embedding'],
    layernorm: ['layernorm'],
    linear: ['linear'],
  },
  ops: {
    'ops-elementwise': [
      ...['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'pow', 'clamp', 'where', 'masked_fill'],
      ...['sum', 'mean', 'amax', 'amin', 'logsumexp', 'var', 'norm', 'cumsum', 'argmax'],
    ],
    'ops-gather': ['gather', 'scatter_add', 'topk'],
    'ops-matmul-shape': [
      ...['matmul', 'einsum', 'flip', 'permute', 'slice', 'select', 'concat', 'stack'],
      ...['index_select', 'pad', 'expand', 'repeat'],
    ],
  },
};

type Named = Pick<GoldenCase, 'name' | 'op'>;

export const claims = (ops: 'all' | readonly string[], { op }: Named): boolean =>
  ops === 'all' || ops.includes(op);

/** Those cases of a suite that a file runs. */
export function selectCases<C extends Named>(
  suite: string,
  file: string,
  cases: readonly C[],
): C[] {
  const ops = TESTED[suite][file];
  return cases.filter((one) => claims(ops, one) && reasonToLeaveOut(suite, one.name) === null);
}

export const goldenCases = async (suite: string, file: string): Promise<GoldenCase[]> =>
  selectCases(suite, file, await loadFixture(suite));
