/**
 * Ops that move elements and change none.
 *
 * @module
 */
export { broadcastTo, repeat, tile } from './broadcast.ts';
export { concat, stack } from './concat.ts';
export { pad } from './pad.ts';
export { slice, split, unstack } from './slice.ts';
export { take } from './take.ts';
export { flip, transpose } from './transpose.ts';
export { expandDims, reshape, squeeze } from './views.ts';
