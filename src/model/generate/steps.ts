/** The steps of a model that takes its own tokens: each from where the last one ended. */
import { noGrad } from '../../autograd.ts';
import type { Capture } from '../../backend.ts';
import type { Layer, StreamState } from '../../layers/base.ts';
import { runGraph } from '../../layers/graph.ts';
import type { Network } from '../../layers/network.ts';
import { log, maximum } from '../../ops/map.ts';
import { reshape, slice } from '../../ops/shape.ts';
import { logSoftmax } from '../../ops/softmax.ts';
import { scope, tensor } from '../../tensor.ts';
import type { Tensor } from '../../tensor.ts';
import { carryingLayers, followSteps, SEQUENCE, STILL } from '../stream_layers.ts';
import { initialStates, StreamStates } from '../stream_states.ts';
import type { Settings } from './options.ts';
import { partsOf, stillOf } from './parts.ts';
import type { Parts, Still } from './parts.ts';

/** Probabilities below are taken for this one, whose logarithm is finite. */
const LEAST = 1e-37;

export class Steps {
  readonly states: StreamStates;
  /** The last ids, [rows,1]: a step takes them from here. */
  readonly ids: Tensor;
  readonly rows: number;
  private readonly model: Network;
  private readonly parts: Parts;
  private readonly still: Still;
  private readonly settings: Settings;
  /** Layers whose states were given by name, whatever the model's inputs say. */
  private readonly named: ReadonlySet<Layer>;
  private begun = false;
  /** By the side that a step reads, how it is repeated, and the side that it leaves. */
  private readonly captured: { capture: Capture; side: number }[] = [];

  private constructor(
    model: Network,
    settings: Settings,
    copies: number,
    parts: Parts,
    carried: ReadonlyMap<Layer, StreamState>,
    still: Still,
  ) {
    const { device } = model;
    const rows = settings.prefix.length;
    this.model = model;
    this.settings = settings;
    this.parts = parts;
    this.still = still;
    this.rows = rows * copies;
    const given = initialStates('generate', parts.steps, settings.initialState, rows, device);
    this.states = new StreamStates(device, carried, this.rows);
    for (const [layer, values] of given)
      for (let row = 0; row < this.rows; row++)
        this.states.put(layer, row, values, Math.floor(row / copies), rows);
    this.named = new Set(given.keys());
    this.ids = onDevice(model, new Int32Array(this.rows), [this.rows, 1]);
  }

  /** @param copies of each row, one after the other */
  static async open(model: Network, settings: Settings, copies: number): Promise<Steps> {
    const parts = partsOf(model);
    const { inputs } = parts.steps;
    const carried = new Map<Layer, StreamState>();
    const kinds = inputs.map((_, i) => (i === 0 ? SEQUENCE : STILL));
    followSteps(parts.steps, kinds, carried, 'generate');
    const rows = settings.prefix.length;
    const still = await stillOf(model, parts, settings.inputs, rows, copies);
    try {
      return new Steps(model, settings, copies, parts, carried, still);
    } catch (error) {
      still.free();
      throw error;
    }
  }

  /** Log-probabilities [rows,V] of what follows ids [rows,time]. */
  forward(ids: Tensor): Tensor {
    const { states, still, rows } = this;
    const { seed } = this.model;
    const begin = (layer: Layer, values: readonly Tensor[]): void => {
      if (this.begun || this.named.has(layer)) return;
      for (let row = 0; row < rows; row++) states.put(layer, row, values, row, rows);
    };
    const stream = { states: states.tensors, side: states.side, active: null, begin };
    const context = { training: false, step: 0, seed, masks: [null, ...still.masks], stream };
    return noGrad(() => {
      const [given] = runGraph(this.parts.steps, [ids, ...still.outputs], context).outputs;
      states.side = 1 - states.side;
      this.begun = true;
      const width = this.settings.vocabulary;
      const time = given.size / rows / width;
      const last =
        time > 1
          ? slice(reshape(given, [rows, time, width]), [0, time - 1, 0], [rows, 1, width])
          : given;
      const scores = reshape(last, [rows, width]);
      return this.settings.fromLogits ? logSoftmax(scores) : log(maximum(scores, LEAST));
    });
  }

  /** Takes in what all rows begin with, at once. */
  read(ids: Int32Array): void {
    const time = ids.length / this.rows;
    scope(() => void this.forward(tensor(ids, [this.rows, time], 'int32', this.model.device)));
  }

  /** Takes a step of `compute`; again and again, so that a device that can repeats what it did for the same side. */
  repeat(compute: (logProbs: Tensor) => void): void {
    const { device } = this.model;
    const { states } = this;
    const { side } = states;
    const again = this.captured[side];
    if (again) {
      again.capture.replay();
      states.side = again.side;
      return;
    }
    const step = (): void => scope(() => compute(this.forward(this.ids)));
    // In the first step states begin.
    if (!device.capture || !this.begun) return step();
    const capture = device.capture(step);
    this.captured[side] = { capture, side: states.side };
  }

  /** Has each row go on from where row `parents` of its search has come to. */
  reorder(parents: Tensor, beams: number): void {
    const { states, rows } = this;
    for (const layer of carryingLayers(this.parts.steps))
      for (const { tensor: own, width, start } of states.placesOf(layer)) {
        const bindings = { parents: parents.storage, states: own.storage };
        const first = start - states.side * rows * width;
        const params = { rows, beams, width, start: first, side: states.side };
        own.device.run('beam_states', bindings, params);
      }
    states.side = 1 - states.side;
  }

  dispose(): void {
    for (const one of this.captured) one?.capture.dispose();
    this.states.dispose();
    this.ids.dispose();
    this.still.free();
  }
}

/** A tensor that outlives scopes. */
export function onDevice(
  { device }: Network,
  data: Int32Array | Float32Array,
  shape: readonly number[] = [data.length],
): Tensor {
  const result = tensor(data, shape, undefined, device);
  // The device changes them.
  result.range = null;
  return result;
}
