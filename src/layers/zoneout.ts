/** Zoneout (Krueger et al. 2017) as an option of recurrent layers. */
import { kindOf } from '../options.ts';
import type { Zoneout } from '../ops/recurrent_run.ts';
import { zoneoutRate } from '../ops/zoneout.ts';

/**
 * A probability in [0, 1) for all states, or one for the first state, the output (z_h in the paper), and one for the others, such as the c of
 * an LSTM (z_c). What is left out is 0.
 */
export type ZoneoutOption = number | { readonly output?: number; readonly state?: number };

/** @throws in the name of the layer, where it is neither, or where the layer has no such states */
export function zoneoutRates(
  layer: string,
  option: ZoneoutOption,
  states = Infinity,
): Pick<Zoneout, 'output' | 'state'> {
  if (typeof option !== 'object' || option === null || kindOf(option) !== 'Object') {
    const rate = zoneoutRate(layer, option);
    return { output: rate, state: rate };
  }
  const unknown = Object.keys(option).find((key) => key !== 'output' && key !== 'state');
  if (unknown !== undefined)
    throw new Error(
      `${layer}: expected zoneout as a number or { output, state }, got '${unknown}'; check its spelling`,
    );
  const { output = 0, state = 0 } = option;
  if (state !== 0 && states === 1)
    throw new Error(
      `${layer}: expected no zoneout.state, got ${state}: the output is this layer's only state; give zoneout.output`,
    );
  return {
    output: zoneoutRate(layer, output, 'zoneout.output'),
    state: zoneoutRate(layer, state, 'zoneout.state'),
  };
}
