/** Files of other frameworks, damaged: read, or refused by an error that names the file, in little time and memory. */
import { resolve } from 'node:path';
import { damages } from '../bytes.ts';
import type { Kind } from '../kind.ts';

const FILES = [
  ['pytorch/rnn_relu_strided.pt', 'readTorch', 2807],
  ['pytorch/checkpoint.pt', 'readStateDict', 3643],
  ['pytorch/lstm_legacy.pt', 'readStateDict', 2246],
  ['pytorch/hostile.pt', 'readTorch', 1641],
  ['pytorch/gru_f16.safetensors', 'readSafetensors', 858],
  ['npz/arrays.npz', 'readNpz', 2727],
  ['npz/arrays_deflated.npz', 'readNpz', 945],
  ['keras/tagger.keras', 'loadKeras', 23_874],
  ['keras/translator.keras', 'loadKeras', 7690],
  ['keras/legacy_sequential.h5.gz', 'loadKeras', 43_440],
  ['keras/legacy_functional.h5.gz', 'inspectFile', 34_288],
  ['onnx/if_constant.onnx', 'loadOnnx', 1130],
  ['onnx/lstm_lengths.onnx', 'loadOnnx', 2057],
  ['onnx/export_lstm.onnx.gz', 'loadOnnx', 3729],
  ['onnx/export_gru_dynamo.onnx.gz', 'inspectFile', 3952],
  ['tfjs/functional_bigru/model.json', 'inspectFile', 6131],
] as const;

export const formats: Kind = {
  cases: 150,
  make(draw) {
    const [name, reader, length] = draw.pick(FILES);
    // Cases run in a folder of their own.
    const root = process.env.GATEFOLD_FUZZ_ROOT ?? '.';
    const path = JSON.stringify(resolve(root, 'test/fixtures/formats', name));
    const file = `process.getBuiltinModule('node:fs').readFileSync(${path})`;
    const gunzip = "process.getBuiltinModule('node:zlib').gunzipSync";
    return [
      `let bytes = new Uint8Array(${name.endsWith('.gz') ? `${gunzip}(${file})` : file});`,
      damages(draw, draw.chance(0.5) ? length : Math.min(length, 4000), 4),
      `await formats.${reader}(bytes${reader === 'loadKeras' ? ', { warn: () => undefined }' : ''});`,
    ].join('\n');
  },
};
