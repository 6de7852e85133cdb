/** The time-delay neural network (Waibel et al. 1989) in today's form: causal convolutions over time whose delays grow. */
import { check, FLAG, show } from '../options.ts';
import { conv1D } from './conv1d.ts';
import type { Conv1DOptions } from './conv1d.ts';
import { Network } from './network.ts';

/** The options of `layers.tdnn`; the others are those of `layers.conv1D`. */
export interface TDNNOptions extends Omit<Conv1DOptions, 'strides' | 'padding' | 'dilationRate'> {
  /** Steps that each layer sees; 3 by default. */
  kernelSize?: number;
  /** Steps from one of them to the next, by layer: its length is the number of layers. [1, 2, 4] by default. */
  dilationRates?: readonly number[];
}

/**
 * Causal dilated `conv1D` layers on top of each other, relu by default: input [batch, time, C], output [batch, time, filters]. An output sees
 * its own step and those before it, 1 + (kernelSize - 1) · Σ dilationRates of them: 15 by default. A mask is not passed on.
 */
export function tdnn(filters: number, options: TDNNOptions = {}): Network {
  const {
    kernelSize = 3,
    dilationRates = [1, 2, 4],
    name = 'tdnn',
    trainable,
    ...others
  } = options;
  check(name, 'trainable', trainable ?? true, FLAG);
  if (!Array.isArray(dilationRates) || dilationRates.length === 0)
    throw new Error(
      `${name}: expected dilationRates as a list of whole numbers, one for each layer, got ${show(dilationRates)}; write dilationRates: [1, 2, 4]`,
    );
  const layers = (dilationRates as number[]).map((dilationRate) =>
    conv1D(filters, kernelSize, { activation: 'relu', ...others, padding: 'causal', dilationRate }),
  );
  return new Network({ layers, name, trainable, lazy: true });
}
