// onnxruntime-web: only inference. onnx.ts writes the models.
import { inferenceInput, initialWeights, productOperands, sample } from '../data.ts';
import { onnxModel } from './onnx.ts';

/** @param {typeof import('onnxruntime-web')} ort @param {'webgpu' | 'wasm'} provider */
export async function openOrt(ort, provider) {
  ort.env.wasm.wasmPaths = '/node_modules/onnxruntime-web/dist/';
  ort.env.logLevel = 'error';
  const make = (graph, options = {}) =>
    ort.InferenceSession.create(onnxModel(graph), { executionProviders: [provider], ...options });
  return {
    get description() {
      const threads = provider === 'wasm' ? `, ${ort.env.wasm.numThreads} threads` : '';
      return `onnxruntime-web ${ort.env.versions.web}, ${provider}${threads}`;
    },
    async prepare(workload) {
      switch (workload.kind) {
        case 'inference':
          return predictor(ort, make, workload);
        case 'streaming':
          return streamer(ort, make, workload, provider);
        case 'product':
          return multiplier(ort, make, workload);
        default:
          throw new Error('onnxruntime-web does not train');
      }
    },
  };
}

/** Keras' kernels are [I, 4H] with the gates i f g o; those of ONNX are [1, 4H, I] with i o f g, and there are two biases. */
function lstmConstants(w) {
  const { units } = w;
  const order = [0, 3, 1, 2];
  const [kernel, recurrent, bias] = initialWeights(w);
  const turned = ({ data, shape: [inputs] }) => {
    const out = new Float32Array(data.length);
    order.forEach((gate, to) => {
      for (let unit = 0; unit < units; unit++)
        for (let i = 0; i < inputs; i++)
          out[(to * units + unit) * inputs + i] = data[i * 4 * units + gate * units + unit];
    });
    return { data: out, shape: [1, 4 * units, inputs] };
  };
  const both = new Float32Array(8 * units);
  order.forEach((gate, to) =>
    both.set(bias.data.subarray(gate * units, (gate + 1) * units), to * units),
  );
  return { w: turned(kernel), r: turned(recurrent), b: { data: both, shape: [1, 8 * units] } };
}

async function predictor(ort, make, w) {
  const session = await make({
    nodes: [
      { op: 'Transpose', inputs: ['x'], outputs: ['steps'], attributes: { perm: [1, 0, 2] } },
      {
        op: 'LSTM',
        inputs: ['steps', 'w', 'r', 'b'],
        outputs: ['', 'h'],
        attributes: { hidden_size: w.units },
      },
    ],
    inputs: { x: [w.batch, w.time, w.features] },
    outputs: { h: [1, w.batch, w.units] },
    constants: lstmConstants(w),
  });
  const input = inferenceInput(w);
  let output = [];
  return {
    async step() {
      const { h } = await session.run({
        x: new ort.Tensor('float32', input, [w.batch, w.time, w.features]),
      });
      output = await h.getData(true);
      return {};
    },
    output: async () => sample(output),
  };
}

async function streamer(ort, make, w, provider) {
  const state = [1, w.batch, w.units];
  // States stay on the device; the output is read at every step.
  const kept = provider === 'webgpu' ? 'gpu-buffer' : 'cpu';
  const session = await make(
    {
      nodes: [
        {
          op: 'LSTM',
          inputs: ['x', 'w', 'r', 'b', '', 'h0', 'c0'],
          outputs: ['y', 'h', 'c'],
          attributes: { hidden_size: w.units },
        },
      ],
      inputs: { x: [1, w.batch, w.features], h0: state, c0: state },
      outputs: { y: [1, 1, w.batch, w.units], h: state, c: state },
      constants: lstmConstants(w),
    },
    { preferredOutputLocation: { y: 'cpu', h: kept, c: kept } },
  );
  const size = w.batch * w.features;
  const inputs = inferenceInput(w, 512);
  const zeros = () => new ort.Tensor('float32', new Float32Array(w.batch * w.units), state);
  let [h0, c0] = [zeros(), zeros()];
  let steps = 0;
  let first = [];
  return {
    async step() {
      const at = (steps++ % 512) * size;
      const x = new ort.Tensor('float32', inputs.subarray(at, at + size), [1, w.batch, w.features]);
      const { y, h, c } = await session.run({ x, h0, c0 });
      h0.dispose();
      c0.dispose();
      [h0, c0] = [h, c];
      const output = await y.getData(true);
      if (steps <= 8) first = first.concat(sample(output, 16));
      return {};
    },
    output: async () => first,
  };
}

async function multiplier(ort, make, { size, products }) {
  const operands = productOperands(size);
  const name = (i) => (i === products ? 'y' : `x${i}`);
  const session = await make({
    nodes: Array.from({ length: products }, (_, i) => ({
      op: 'MatMul',
      inputs: [name(i), 'b'],
      outputs: [name(i + 1)],
    })),
    inputs: { x0: [size, size] },
    outputs: { y: [size, size] },
    constants: { b: { data: operands.b, shape: [size, size] } },
  });
  let output = [];
  return {
    async step() {
      const { y } = await session.run({
        x0: new ort.Tensor('float32', operands.x, [size, size]),
      });
      output = await y.getData(true);
      return {};
    },
    output: async () => sample(output),
  };
}
