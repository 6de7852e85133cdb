/** What minGRU, minLSTM and SRU have in common: gates of the input alone, each with a kernel and a bias. */
import { matmul } from '../ops/matmul.ts';
import type { ValueMapName } from '../ops/matmul.ts';
import { withDefaults } from '../defaults.ts';
import type { Tensor, Variable } from '../tensor.ts';
import type { LayerConfig } from './base.ts';
import type { InitializerOption } from './initializer_options.ts';
import { ScanLayer } from './scan_layer.ts';
import type { ScanLayerOptions } from './scan_layer.ts';

/** The options of `minGRU`, `minLSTM` and `sru`. */
export interface GatedScanOptions extends ScanLayerOptions {
  /** Whether gates have biases; true. */
  useBias?: boolean;
  /** glorotUniform by default; of the kernel of each gate. */
  kernelInitializer?: InitializerOption;
  /** zeros by default. */
  biasInitializer?: InitializerOption;
}
export type GatedScanConfig = GatedScanOptions & { units: number };

type Options = ScanLayer['options'] &
  Required<Omit<GatedScanConfig, keyof LayerConfig | keyof ScanLayerOptions>>;

/** A gate's kernel, [features, units], and bias, [units]. */
export interface GateWeights {
  readonly kernel: Variable;
  readonly bias: Variable | null;
}

export abstract class GatedScanLayer extends ScanLayer {
  /** What the options say once defaults are filled in. @internal */
  declare readonly options: Options;

  constructor(config: GatedScanConfig) {
    super(config);
    this.options = withDefaults<Options>(config, {
      ...this.options,
      useBias: true,
      kernelInitializer: 'glorotUniform',
      biasInitializer: 'zeros',
    });
  }

  /** Adds the weights `NAME_kernel` and `NAME_bias`. @internal */
  protected addGate(name: string, features: number, useBias = this.options.useBias): GateWeights {
    const { units, options } = this;
    const shape = [features, units];
    const kernel = this.addWeight(`${name}_kernel`, shape, options.kernelInitializer, {
      halvable: true,
    });
    const bias = useBias ? this.addWeight(`${name}_bias`, [units], options.biasInitializer) : null;
    return { kernel, bias };
  }
}

/** activation(x · kernel + bias), [batch, time, units]. */
export const gate = (x: Tensor, { kernel, bias }: GateWeights, activation?: ValueMapName): Tensor =>
  matmul(x, kernel, { bias, activation });
