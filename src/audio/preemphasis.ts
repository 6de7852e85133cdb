import { check, NUMBER } from '../options.ts';
import { checkSignal } from './checks.ts';

/**
 * y[t] = x[t] - coefficient · x[t - 1], which raises high frequencies, as librosa's `effects.preemphasis`: y[0] is x[0] plus 2 x[0] - x[1],
 * the linear extrapolation of the signal, which is the state that librosa's filter begins with.
 *
 * @param x [samples]
 * @param coefficient 0.97 by default
 * @returns [samples]
 * @throws Error if the signal is empty or not finite
 */
export function preemphasis(x: ArrayLike<number>, coefficient = 0.97): Float32Array<ArrayBuffer> {
  checkSignal('preemphasis', x);
  check('preemphasis', 'coefficient', coefficient, NUMBER);
  const before = 2 * x[0] - (x.length > 1 ? x[1] : x[0]);
  return Float32Array.from(x, (value, t) =>
    t === 0 ? value + before : value - coefficient * x[t - 1],
  );
}
