/**
 * PyTorch's recurrent layers with both their biases, for training that goes as PyTorch's does. The cell is given their sum, and each gets its gradient. A
 * GRU has both already.
 */
import type { CallContext } from '../../layers/base.ts';
import { CUSTOM_LAYERS, registerLayer } from '../../layers/custom_layers.ts';
import { loadClasses } from '../../model/from_config.ts';
import { checkValues } from '../../layers/known_options.ts';
import type { SimpleRNN } from '../../layers/index.ts';
import { sum } from '../../ops/index.ts';
import type { Tensor } from '../../tensor.ts';

type Facts = SimpleRNN['facts'];
type Direction = ReturnType<SimpleRNN['direction']>;
/** Any layer with a fused cell, of which this is one. A mixin must take any arguments. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type RecurrentClass = new (...config: any[]) => SimpleRNN;

/** The class with a bias of [2, G·H]: `bias_ih` and `bias_hh` of nn.RNN and nn.LSTM. */
const withBothBiases = (Base: RecurrentClass) =>
  class extends Base {
    override get className(): string {
      return `Torch${super.className}`;
    }
    /** The bias is made as that of a cell whose products have one of their own. */
    override get facts(): Facts {
      return { ...super.facts, recurrentBias: true };
    }
    override direction(x: Tensor, given: readonly Tensor[], context: CallContext): Direction {
      const direction = super.direction(x, given, context);
      return { ...direction, bias: direction.bias && sum(direction.bias, { axis: 0 }) };
    }
  };

const NAMES = ['SimpleRNN', 'LSTM', 'ProjectedLSTM'] as const;

/** What `registerTorchLayers` of index.ts does. */
export async function registerTorchLayers(): Promise<void> {
  const missing = NAMES.filter((name) => !Object.hasOwn(CUSTOM_LAYERS, `Torch${name}`));
  const classes = await loadClasses(missing.map((className) => ({ className })));
  for (const name of missing) {
    const Class = withBothBiases(classes.get(name) as unknown as RecurrentClass);
    registerLayer(`Torch${name}`, (config) => {
      checkValues(`Torch${name}`, config);
      return new Class(config);
    });
  }
}
