/**
 * Modules of PyTorch, as their tensors in a state_dict, and the weights of Gatefold's layers that follow from them. Gates of an LSTM come in
 * the same order, those of a GRU as r z n, here z r n; matrices are transposed.
 */
import { add, blocks, floats, permute, stack, transpose } from '../arrays.ts';
import type { Floats } from '../arrays.ts';
import { toFloat32 } from '../elements.ts';
import { listed } from '../zip.ts';
import type { StateDict } from './state_dict.ts';

/** Modules of PyTorch by what they become. */
export type ModuleKind =
  | 'simpleRNN'
  | 'lstm'
  | 'gru'
  | 'dense'
  | 'embedding'
  | 'conv1D'
  | 'conv2D'
  | 'batchNormalization'
  | 'layerNormalization';

/** Whether a layer of that class has both biases of PyTorch, of those that are in two_biases.ts. */
export const hasTwoBiases = (className: string): boolean => className.startsWith('Torch');

const GATES: Readonly<Record<number, ModuleKind>> = { 1: 'simpleRNN', 3: 'gru', 4: 'lstm' };

/** What a recurrent module is made of. */
export interface RecurrentFacts {
  readonly kind: 'simpleRNN' | 'lstm' | 'gru';
  readonly units: number;
  /** Of the output of a direction: fewer than `units` with `proj_size`. */
  readonly outputUnits: number;
  readonly features: number;
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly bias: boolean;
}

/** The tensors whose names begin with that of a module. */
export class TorchModule {
  /** In the state_dict, '' for all of it. */
  readonly path: string;
  private readonly tensors: ReadonlyMap<string, Floats>;

  constructor(state: StateDict, path: string) {
    this.path = path;
    const prefix = path === '' ? '' : `${path}.`;
    const own = [...state].filter(([name]) => name.startsWith(prefix));
    if (own.length === 0)
      throw new Error(
        `fromTorch: expected tensors of a module '${path}', got ${listed([...state.keys()])}; name a module of the state_dict`,
      );
    this.tensors = new Map(
      own.map(([name, tensor]) => [
        name.slice(prefix.length),
        { shape: tensor.shape, data: toFloat32(tensor) },
      ]),
    );
  }

  get names(): string[] {
    return [...this.tensors.keys()];
  }
  has(name: string): boolean {
    return this.tensors.has(name);
  }
  get(name: string, rank: number): Floats {
    const found = this.tensors.get(name);
    if (found?.shape.length !== rank)
      throw new Error(
        `fromTorch: expected '${this.path}' with ${name} of ${rank} axes, got ${found ? `one of [${found.shape}]` : listed(this.names)}`,
      );
    return found;
  }

  /** What kind of layer has these weights; null where two kinds have. */
  get kind(): ModuleKind | null {
    if (this.has('weight_ih_l0') || this.has('weight_ih')) return this.recurrent.kind;
    if (this.has('running_mean')) return 'batchNormalization';
    const rank = this.tensors.get('weight')?.shape.length;
    if (rank === 1) return 'layerNormalization';
    if (rank === 3) return 'conv1D';
    if (rank === 4) return 'conv2D';
    return rank === 2 && this.has('bias') ? 'dense' : null;
  }

  // ---- recurrent ----------------------------------------------------------------------------------------------------

  /** The ends of names: `_l0`, `_l0_reverse`; nothing in a cell (nn.LSTMCell). */
  private ending(layer: number, reverse: boolean): string {
    return this.has('weight_ih') ? '' : `_l${layer}${reverse ? '_reverse' : ''}`;
  }

  get recurrent(): RecurrentFacts {
    const end = this.ending(0, false);
    const [rows, features] = this.get(`weight_ih${end}`, 2).shape;
    const outputUnits = this.get(`weight_hh${end}`, 2).shape[1];
    const projected = this.has(`weight_hr${end}`);
    const units = projected ? this.get(`weight_hr${end}`, 2).shape[1] : outputUnits;
    const kind = GATES[rows / units] as RecurrentFacts['kind'] | undefined;
    if (!kind || (projected && kind !== 'lstm'))
      throw new Error(
        `fromTorch: expected '${this.path}' with the gates of an RNN, LSTM or GRU, got weight_ih${end} of [${rows},${features}] for ${units} units`,
      );
    let layers = 1;
    while (this.has(`weight_ih_l${layers}`)) layers++;
    const bidirectional = this.has('weight_ih_l0_reverse');
    return {
      kind,
      units,
      outputUnits,
      features,
      layers,
      bidirectional,
      bias: this.has(`bias_ih${end}`),
    };
  }

  /**
   * Of one layer in one direction: kernel, recurrent kernel, projection kernel, bias, as far as there are some.
   *
   * @param both whether the bias has both of PyTorch's as its rows, as that of a GRU has
   */
  recurrentWeights(layer: number, reverse: boolean, both: boolean): Floats[] {
    const { kind, units, bias } = this.recurrent;
    const end = this.ending(layer, reverse);
    const inOrder = (x: Floats): Floats => (kind === 'gru' ? blocks(x, [1, 0, 2]) : x);
    const matrix = (name: string): Floats => transpose(inOrder(this.get(`${name}${end}`, 2)));
    const vector = (name: string): Floats => inOrder(this.get(`${name}${end}`, 1));
    const weights = [matrix('weight_ih'), matrix('weight_hh')];
    if (this.has(`weight_hr${end}`)) weights.push(transpose(this.get(`weight_hr${end}`, 2)));
    const zero = (): Floats => floats([weights[0].shape[1]]);
    const [ih, hh] = bias ? [vector('bias_ih'), vector('bias_hh')] : [zero(), zero()];
    if (weights[0].shape[1] % units !== 0 || ih.shape[0] !== hh.shape[0])
      throw new Error(`fromTorch: expected '${this.path}' of ${units} units in layer ${layer} too`);
    // The candidate of a GRU sees only the input's bias outside of its reset gate. Everywhere else the two biases are but their sum.
    return [...weights, both || kind === 'gru' ? stack([ih, hh]) : add(ih, hh)];
  }

  // ---- others -------------------------------------------------------------------------------------------------------

  /** In the order of the layer's weights. A bias that the module lacks is zero. */
  weightsOf(kind: Exclude<ModuleKind, RecurrentFacts['kind']>): Floats[] {
    const { shape } = this.tensors.get('weight') ?? this.get('running_mean', 1);
    const vector = (name: string, value: number): Floats =>
      this.has(name)
        ? this.get(name, 1)
        : floats([shape[0]], new Float32Array(shape[0]).fill(value));
    const bias = (): Floats => vector('bias', 0);
    if (kind === 'embedding') return [this.get('weight', 2)];
    if (kind === 'dense') return [transpose(this.get('weight', 2)), bias()];
    // [out, in, time] and [out, in, height, width]
    if (kind === 'conv1D') return [permute(this.get('weight', 3), [2, 1, 0]), bias()];
    if (kind === 'conv2D') return [permute(this.get('weight', 4), [2, 3, 1, 0]), bias()];
    const scale = [vector('weight', 1), bias()];
    if (kind === 'layerNormalization') return scale;
    return [...scale, this.get('running_mean', 1), this.get('running_var', 1)];
  }
}
