/** A time step of a model that runs without promises, on a device that has such steps. */
export { COMMON } from './common.ts';
import { noGrad } from '../autograd.ts';
import type { StepNumbers, StepState } from '../backend.ts';
import type { Layer, StreamState, SymbolicTensor } from '../layers/base.ts';
import { runGraph } from '../layers/graph.ts';
import type { Network } from '../layers/network.ts';
import type { Stepper } from '../stepper/index.ts';
import { scope, zeros } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { needBuilt } from './checks.ts';
import { followSteps, kindsOf, SEQUENCE, withoutInputs } from './stream_layers.ts';
import type { Kind } from './stream_layers.ts';

/**
 * Makes a stepper of a model with the weights that it has now.
 *
 * @throws Error where the model has a layer that needs later steps or another device, naming it
 */
export async function stepperOf(model: Network): Promise<Stepper> {
  const { device, inputs, outputs, seed } = model;
  needBuilt('stepper', model, 'train it first');
  if (!device.stepper)
    throw new Error(
      `stepper: expected a model on the WebAssembly device, got '${model.name}' on ${device.description}; make or load it with ` +
        'device: await wasm(), or use stream(), which runs on every device',
    );
  const carried = new Map<Layer, StreamState>();
  const kinds = kindsOf(model);
  followSteps(model, kinds, carried, 'stepper');
  const made: Tensor[] = [];
  try {
    const given = inputs.map((input, i) => zeros(stepShape(input, kinds[i]), input.dtype, device));
    made.push(...given);
    const states = new Map<Layer, Tensor>();
    const plan: StepState[] = [];
    for (const [layer, { widths }] of carried) {
      const size = 2 * widths.reduce((sum, width) => sum + width, 0);
      const tensor = zeros([size], 'float32', device);
      made.push(tensor);
      states.set(layer, tensor);
      let before = 0;
      for (const length of widths) {
        const { storage } = tensor;
        plan.push({ layer: layer.name, storage, length, before, after: before + length });
        before += 2 * length;
      }
    }
    const begin = ({ name }: Layer): never => {
      throw new Error(
        `stepper: expected layers that begin with zeros, got '${name}' with an initialState; make the model without it, and write into \`states\` of the stepper`,
      );
    };
    const stream = { states, side: 0, active: null, begin };
    const context = { training: false, step: 0, seed, masks: [], stream };
    const compute = (): StepNumbers[] =>
      scope(() =>
        noGrad(() => runGraph(withoutInputs(model), given, context)).outputs.map(
          ({ storage }, i) => ({ name: `output '${outputs[i].name}'`, storage }),
        ),
      );
    return await device.stepper({
      inputs: given.map(({ storage }, i) => ({ name: `input '${inputs[i].name}'`, storage })),
      states: plan,
      compute,
    });
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}

/** [1, time, ...] of a single step, or [1, ...] of what has no time. */
function stepShape(input: SymbolicTensor, kind: Kind): number[] {
  const sequence = kind === SEQUENCE;
  const features = input.shape.slice(sequence ? 2 : 1).map((extent) => {
    if (extent === null)
      throw new Error(
        `stepper: expected inputs of known width, got ${input.toString()}; give its input() the whole shape of a step`,
      );
    return extent;
  });
  return [1, ...(sequence ? [1] : []), ...features];
}
