// silero-vad (MIT licence), which tells whether somebody speaks, as a model that streams and learns; and ONNX Runtime, which runs it as it is.
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor as OrtTensor, env } from 'onnxruntime-web';
import { getDevice } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { loadOnnx } from '../../src/interchange/index.ts';
import { RATE } from './clips.ts';
import { windowsOf, WINDOW } from './windows.ts';

const FILE = 'node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx';
/** Makes a spectrogram of the samples; it was not learnt. */
const SPECTROGRAM = 'If_0_then_branch__Inline_0__stft.forward_basis_buffer';

/** A step of it is a window, and its state goes on to the next. The sampling rate chooses one of two networks in the file. */
export async function loadDetector(): Promise<Model> {
  return loadOnnx(await readFile(FILE), {
    fixed: { sr: RATE },
    states: { state: 'stateN' },
    frozen: [SPECTROGRAM],
    device: getDevice(),
  });
}

/** The probability of speech in every window. */
export async function probabilitiesOf(
  detector: Model,
  samples: Float32Array,
): Promise<Float32Array> {
  const { data, shape } = windowsOf(samples);
  const output = await detector.predict({ data, shape: [1, ...shape] });
  try {
    return (await output.data()) as Float32Array;
  } finally {
    output.dispose();
  }
}

/** The same of ONNX Runtime. */
export async function probabilitiesOfRuntime(samples: Float32Array): Promise<Float32Array> {
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  const session = await InferenceSession.create(await readFile(FILE));
  const { data, shape } = windowsOf(samples);
  const sr = new OrtTensor('int64', BigInt64Array.of(BigInt(RATE)), []);
  let state = new OrtTensor('float32', new Float32Array(2 * 128), [2, 1, 128]);
  const found = new Float32Array(shape[0]);
  for (let k = 0; k < found.length; k++) {
    const input = new OrtTensor('float32', data.slice(k * WINDOW, (k + 1) * WINDOW), [1, WINDOW]);
    const { output, stateN } = await session.run({ input, state, sr });
    found[k] = (output.data as Float32Array)[0];
    state = stateN as typeof state;
  }
  await session.release();
  return found;
}
