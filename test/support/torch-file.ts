/** What the guide for PyTorch reads: an LSTM of PyTorch with an input and its output, as safetensors. */
import { encodeSafetensors } from '../../src/formats/encode_safetensors.ts';
import type { HostTensor } from '../../src/formats/tensor_file.ts';
import { loadFixture } from './fixtures.ts';

/** The weights by PyTorch's names; `x` and `y` are [batch, time, features], as with `batch_first=True`. */
export async function torchFile(): Promise<Uint8Array> {
  const cases = await loadFixture('rnn_basic');
  const golden = cases.find(({ config }) => {
    const { kind, numLayers, bidirectional, bias, batchFirst, initialState } = config;
    const plain = kind === 'lstm' && numLayers === 1 && !bidirectional && bias && !initialState;
    return plain && batchFirst && config.seqLen > 1 && config.batch > 1;
  });
  if (!golden) throw new Error('rnn_basic has no such LSTM');
  const tensors = { ...golden.params, x: golden.inputs.x, y: golden.outputs.y };
  return encodeSafetensors(new Map<string, HostTensor>(Object.entries(tensors)));
}
