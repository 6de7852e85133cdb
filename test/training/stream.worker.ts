/** What stream.worker.test.ts runs in a worker: loads weights, streams, and answers each step with its output. */
import { layers, sequential, webgpu } from '../../src/index.ts';
import type { NumericArray, Stream } from '../../src/index.ts';

export interface Opening {
  weights: { shape: readonly number[]; data: NumericArray }[];
}
export type Answer = { output: Float32Array } | { error: string };

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Opening | Float32Array>) => void;
  postMessage: (answer: Answer) => void;
};
let stream: Promise<Stream> | null = null;

async function open({ weights }: Opening): Promise<Stream> {
  const model = sequential(
    [layers.input({ shape: [null, 3] }), layers.lstm(16, { returnSequences: true }), layers.gru(4)],
    { device: await webgpu() },
  );
  model.setWeights(weights);
  return model.stream();
}

scope.onmessage = ({ data }) => {
  if (!(data instanceof Float32Array)) stream = open(data);
  else
    stream!
      .then((opened) => opened.step<Float32Array>(data))
      .then((output) => scope.postMessage({ output }))
      .catch((error: unknown) => scope.postMessage({ error: String(error) }));
};
