/** Damage to files, as lines of a program that change `bytes`, a Uint8Array. */
import type { Draw } from './draw.ts';

const SIZES = [0, 1, 2, 127, 128, 255, 0x7fff, 0xffff, 2 ** 31 - 1, 2 ** 32 - 1];

/** A line that damages `bytes` somewhere. @param length of the undamaged file, about */
export function damage(draw: Draw, length: number): string {
  const at = draw.below(Math.max(1, length));
  switch (draw.below(8)) {
    case 0:
      return `bytes[${at}] ^= ${1 << draw.below(8)};`;
    case 1:
      return `bytes[${at}] = ${draw.pick([0, 10, 13, 34, 39, 44, 123, 128, 192, 255])};`;
    case 2:
      return `bytes = bytes.slice(0, ${at});`;
    case 3:
      return `bytes = joined(bytes, [${Array.from({ length: draw.between(1, 9) }, () => draw.below(256)).join(', ')}]);`;
    case 4:
      return `if (bytes.length > ${at + 3}) new DataView(bytes.buffer).setUint32(${at}, ${draw.pick(SIZES)}, ${draw.chance(0.7)});`;
    case 5:
      return `bytes.copyWithin(${at}, ${draw.below(Math.max(1, length))}, ${draw.below(Math.max(1, length))});`;
    case 6:
      return `bytes.fill(${draw.pick([0, 32, 48, 55, 255])}, ${at}, ${at + draw.between(1, 12)});`;
    default:
      return `bytes = joined(bytes.subarray(0, ${at}), bytes.subarray(${Math.min(length, at + draw.between(1, 16))}));`;
  }
}

/** A few of them. */
export const damages = (draw: Draw, length: number, most = 3): string =>
  Array.from({ length: draw.between(1, most) }, () => damage(draw, length)).join('\n');

/** The same bytes as another view, or as something that holds none: an expression of `bytes`. */
export function asView(draw: Draw): string {
  return draw.pick([
    'bytes',
    'bytes',
    'Buffer.from(bytes)',
    'Buffer.concat([Buffer.from("abc"), bytes]).subarray(3)',
    'new Uint8Array([0, ...bytes]).subarray(1)',
    'bytes.slice().buffer',
    'new DataView(bytes.slice().buffer)',
    'new Uint8ClampedArray(bytes)',
    'new Uint16Array(bytes)',
    '[...bytes]',
    'new TextDecoder("latin1").decode(bytes)',
    'new Blob([bytes])',
    'null',
    'undefined',
    '{ length: 8 }',
    'new Proxy(bytes, {})',
    '12',
  ]);
}
