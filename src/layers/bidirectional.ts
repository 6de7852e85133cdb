/** A recurrent layer and its mirror image, side by side (Schuster and Paliwal 1997). */
import type { DType } from '../backend.ts';
import { concat } from '../ops/concat.ts';
import { add, mul } from '../ops/map.ts';
import { recurrent } from '../ops/recurrent.ts';
import { flip, split } from '../ops/shape.ts';
import { foldSeed } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import { describe } from './architecture.ts';
import { Layer } from './base.ts';
import type { CallContext, Config, LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { RecurrentLayer } from './recurrent.ts';
import { oneOf, SEQUENCES } from './shapes.ts';
import type { PartialShape } from './shapes.ts';
import { checkStates } from './states.ts';

const MERGE_MODES = ['concat', 'sum', 'mul', 'ave'] as const;
/** `null` gives both outputs. */
export type MergeMode = (typeof MERGE_MODES)[number] | null;

export interface BidirectionalOptions extends LayerConfig {
  /** How the outputs of the two directions become one; concat by default. */
  mergeMode?: MergeMode;
  /** Made from the layer, with `goBackwards` turned round, where it is left out. */
  backwardLayer?: RecurrentLayer;
}
export type BidirectionalConfig = BidirectionalOptions & { layer: RecurrentLayer };

/**
 * Both directions run in one operation. With `returnSequences`, outputs are in the order of time, and zero at masked
 * steps. Initial states and `returnState`: those of the forward layer, then those of the backward layer. Weights: the
 * same order. Both directions see the input with the same features dropped, unlike in Keras.
 */
export class Bidirectional extends Layer {
  static override readonly className: string = 'Bidirectional';
  static override get layerOptions() {
    return ['layer', 'backwardLayer'];
  }
  readonly mergeMode: MergeMode;
  readonly forward: RecurrentLayer;
  readonly backward: RecurrentLayer;
  private readonly backwardGiven: boolean;

  constructor(config: BidirectionalConfig) {
    super(config);
    const { layer, backwardLayer } = config;
    if (!(layer instanceof RecurrentLayer))
      throw new Error(
        `${this.name}: expected a recurrent layer (simpleRNN, lstm, gru), got ${typeof layer}; write bidirectional(lstm(64))`,
      );
    const mode = config.mergeMode === undefined ? 'concat' : config.mergeMode;
    this.mergeMode = mode === null ? null : oneOf(this.name, 'mergeMode', mode, MERGE_MODES);
    // As in Keras: masked outputs of a sequence are zero, so that both directions agree on them.
    const zeroOutputForMask = layer.options.returnSequences;
    this.forward = layer.copy({ name: prefixed('forward_', layer.name), zeroOutputForMask });
    this.backwardGiven = backwardLayer !== undefined;
    this.backward = (backwardLayer ?? layer).copy({
      // A config that is read back names the forward layer by its prefix.
      name: prefixed('backward_', (backwardLayer?.name ?? layer.name).replace(/^forward_/, '')),
      goBackwards: backwardLayer ? backwardLayer.options.goBackwards : !layer.options.goBackwards,
      zeroOutputForMask,
    });
    this.inputSpec = SEQUENCES;
    this.checkPair();
  }

  override get sublayers(): readonly RecurrentLayer[] {
    return [this.forward, this.backward];
  }

  /** One operation computes both, so they must be of one kind. */
  private checkPair(): void {
    const [a, b] = this.sublayers.map(({ options, cellOptions, outputUnits }) => ({
      ...cellOptions,
      units: options.units,
      outputUnits,
      useBias: options.useBias,
      dropout: options.dropout,
      returnSequences: options.returnSequences,
      returnState: options.returnState,
      stateful: options.stateful,
      backwards: !options.goBackwards,
    }));
    b.backwards = !b.backwards;
    for (const key of Object.keys(a) as (keyof typeof a)[])
      if (a[key] !== b[key])
        throw new Error(
          key === 'backwards'
            ? `${this.name}: expected one of the layers to have goBackwards, got ${b[key]} for both; set it on backwardLayer`
            : `${this.name}: expected both layers to have the same ${key}, got ${String(a[key])} and ${String(b[key])}; change backwardLayer`,
        );
  }

  // ---- shapes -------------------------------------------------------------------------------------------------------

  protected override checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    const [shape, ...states] = shapes;
    super.checkInputs(shape ? [shape] : [], dtypes.slice(0, 1));
    if (states.length === 0) return;
    const { stateNames, stateShapes } = this.forward;
    const both = ['forward', 'backward'].flatMap((way) =>
      stateNames.map((name) => `${way} ${name}`),
    );
    checkStates(this.name, states, both, shape[0], [...stateShapes, ...stateShapes]);
  }

  override computeOutputShapes([[batch, time]]: readonly PartialShape[]): PartialShape[] {
    const { outputUnits, stateShapes, options } = this.forward;
    const width = this.mergeMode === 'concat' ? 2 * outputUnits : outputUnits;
    const output = options.returnSequences ? [batch, time, width] : [batch, width];
    const states = options.returnState ? [...stateShapes, ...stateShapes] : [];
    return [
      ...(this.mergeMode === null ? [output, output] : [output]),
      ...states.map((own) => [batch, ...own]),
    ];
  }

  override computeMasks(
    _: readonly Tensor[],
    [mask]: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
  ): (Tensor | null)[] {
    const sequences = this.mergeMode === null ? 2 : 1;
    const kept = this.forward.options.returnSequences ? (mask ?? null) : null;
    return outputs.map((_, i) => (i < sequences ? kept : null));
  }

  // ---- computing ----------------------------------------------------------------------------------------------------

  protected override build(shapes: readonly PartialShape[]): void {
    for (const layer of this.sublayers) layer.prepare(shapes.slice(0, 1), this.inside);
    this.inputSpec = { ...SEQUENCES, features: shapes[0].at(-1) ?? undefined };
  }

  override call([x, ...given]: readonly Tensor[], context: CallContext): Tensor[] {
    const { forward, backward } = this;
    const { returnSequences, returnState, goBackwards, zeroOutputForMask } = forward.options;
    const half = given.length / 2;
    const dropped = forward.dropInput(x, context);
    const sides = this.sublayers.map((layer) => layer.inputSides(dropped));
    const { output, states, elapsed } = recurrent(
      sides[0] === dropped ? dropped : concat(sides, -1),
      [
        forward.direction(x, given.slice(0, half), context),
        backward.direction(x, given.slice(half), { ...context, seed: foldSeed(context.seed, 2) }),
      ],
      {
        ...forward.cellOptions,
        name: this.name,
        mask: context.masks[0] ?? null,
        returnSequences,
        zeroOutputForMask,
        elapsed: forward.carried?.elapsed ?? null,
      },
    );
    forward.carried?.end(states[0], elapsed, context);
    backward.carried?.end(states[1], elapsed, context);
    // The op gives the order of time; Keras gives that of the forward layer.
    const ordered = goBackwards && returnSequences ? flip(output, 1) : output;
    return [...this.merge(ordered), ...(returnState ? states.flat() : [])];
  }

  private merge(output: Tensor): Tensor[] {
    const { mergeMode } = this;
    if (mergeMode === 'concat') return [output];
    const [forward, backward] = split(output, 2, -1);
    if (mergeMode === null) return [forward, backward];
    if (mergeMode === 'mul') return [mul(forward, backward)];
    const sum = add(forward, backward);
    return [mergeMode === 'ave' ? mul(sum, 0.5) : sum];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      mergeMode: this.mergeMode,
      layer: describe(this.forward),
      backwardLayer: this.backwardGiven ? describe(this.backward) : undefined,
    };
  }
}

export function bidirectional(
  layer: RecurrentLayer,
  options: BidirectionalOptions = {},
): Bidirectional {
  return withKnownOptions(new Bidirectional({ ...options, layer }), options);
}

function prefixed(prefix: string, name: string): string {
  return name.startsWith(prefix) ? name : prefix + name;
}
