// Zoneout: shaders/lib/zoneout.wgsl. The states, the gradients of a row, and what is held of them, are blocks of H numbers, apart by a distance of
// their own.
import { add, load, mul, splat, sub } from './lanes';
import { philox } from './philox';
import { storeUpTo } from './rest';

// @ts-ignore: decorator
@inline
const DRAWN: i32 = 2;
/** As in src/random.ts; one more where time runs backwards. */
// @ts-ignore: decorator
@inline
const ZONEOUT: u32 = 3;

let mode: i32 = 0;
let outputRate: f32 = 0;
let stateRate: f32 = 0;
let seedLow: u32 = 0;
let seedHigh: u32 = 0;
/** int32: which row of the batch takes a place; 0 where each takes its own. */
let order: usize = 0;
/** Numbers of a row. */
let width: usize = 0;

/** Whether shares are drawn, which single steps never do: their build goes without. */
// @ts-ignore: decorator
@inline
function isDrawn(): bool {
  // @ts-ignore: a constant of the build
  return STEPS == 0 && mode == DRAWN;
}

/** The parameters of the kernel that runs. */
export function setZoneout(
  zoneout: i32, output: f32, state: f32, low: u32, high: u32, rows: usize, units: usize,
): void {
  mode = zoneout;
  outputRate = output;
  stateRate = state;
  seedLow = low;
  seedHigh = high;
  order = rows;
  width = units;
}

/** Random bits of four units of row b from unit j on: 16 for the first state, then 16 for the others. */
function bitsOf(reversed: u32, step: usize, b: usize, j: usize): v128 {
  if (!isDrawn()) return splat(0);
  const row = order == 0 ? <u32>b : <u32>i32.load(order + 4 * b);
  return philox(<u32>(j >> 2), row, <u32>step, ZONEOUT + reversed, seedLow, seedHigh);
}
/** The share of state q before the step that stays in it. */
function shareOf(q: usize, bits: v128): v128 {
  const rate = q == 0 ? outputRate : stateRate;
  if (!isDrawn()) return splat(rate);
  const drawn = q == 0 ? v128.and(bits, i32x4.splat(0xffff)) : i32x4.shr_u(bits, 16);
  return v128.and(splat(1), f32x4.lt(f32x4.convert_i32x4_u(drawn), splat(rate * 65536)));
}

/** Turns the states that the cell made of row b into those after the step. */
export function zoneOut(reversed: u32, step: usize, b: usize, before: usize, after: usize, states: usize, stride: usize): void {
  for (let j: usize = 0; j < width; j += 4) {
    const bits = bitsOf(reversed, step, b, j);
    for (let q: usize = 0; q < states; q++) {
      const at = q * stride + 4 * j;
      const share = shareOf(q, bits);
      const left = width - j;
      const old = mul(share, load(before + at));
      storeUpTo(after + at, add(old, mul(sub(splat(1), share), load(after + at))), left);
    }
  }
}

/** Takes from the gradients of row b what passes by the cell, and keeps it in `held`, whose blocks are `apart`. */
export function holdBack(reversed: u32, step: usize, b: usize, gradient: usize, stride: usize, held: usize, apart: usize, states: usize): void {
  for (let j: usize = 0; j < width; j += 4) {
    const bits = bitsOf(reversed, step, b, j);
    for (let q: usize = 0; q < states; q++) {
      const at = gradient + q * stride + 4 * j;
      const left = width - j;
      const whole = load(at);
      const part = mul(shareOf(q, bits), whole);
      storeUpTo(held + q * apart + 4 * j, part, left);
      storeUpTo(at, sub(whole, part), left);
    }
  }
}
/** Adds it to them again. */
export function addHeld(gradient: usize, stride: usize, held: usize, apart: usize, states: usize): void {
  for (let q: usize = 0; q < states; q++)
    for (let j: usize = 0; j < width; j += 4) {
      const at = gradient + q * stride + 4 * j;
      storeUpTo(at, add(load(at), load(held + q * apart + 4 * j)), width - j);
    }
}
