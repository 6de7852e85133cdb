// What a cell is written in: numbers of four neighbouring units of one row at one step, by the names that shaders/lib/cell.wgsl and the twins
// use. A cell exports `forward(phase)` and `backward(phase)`; the kernels say which row and which units are meant.
import { add, mul, splat, sub } from './lanes';
import { gradient as slopeOf, map, SIGMOID, TANH } from './maps.generated';
import { sigmoid, tanh } from './math';

// ---- where the numbers stand: addresses of a row, and the distance of the units from its start, in bytes ------------------------------------

/** From one slot to the next: of what is saved, of the products, of the unit's weights. */
let slot: usize = 0;
/** From one state to the next, and from the gradient of one to the next. */
let stateStride: usize = 0;
let gradientStride: usize = 0;

let savedAt: usize = 0;
let productsAt: usize = 0;
let biasAt: usize = 0;
let beforeAt: usize = 0;
let afterAt: usize = 0;
let operandAt: usize = 0;
let weightsAt: usize = 0;
let gradientAt: usize = 0;
let backAt: usize = 0;
let throughAt: usize = 0;
let time: u32 = 0;
let unit: usize = 0;
/** How many bytes of a number per unit there are from there on, 16 at most. */
let present: usize = 16;

export function setStrides(ofSlots: usize, ofStates: usize, ofGradients: usize): void {
  slot = ofSlots;
  stateStride = ofStates;
  gradientStride = ofGradients;
}
export function setWeights(at: usize): void {
  weightsAt = at;
}
/** The row that is meant, in both passes. @param steps how many that are not masked it has behind it */
export function setRow(saved: usize, before: usize, after: usize, operand: usize, steps: u32): void {
  savedAt = saved;
  beforeAt = before;
  afterAt = after;
  operandAt = operand;
  time = steps;
}
/** @param bias of the products, or 0 */
export function setProducts(at: usize, bias: usize): void {
  productsAt = at;
  biasAt = bias;
}
export function setGradients(gradient: usize, back: usize, through: usize): void {
  gradientAt = gradient;
  backAt = back;
  throughAt = through;
}
/** The units that are meant. @param end of the row: beyond it there are none */
// @ts-ignore: decorator
@inline
export function setUnit(offset: usize, end: usize): void {
  unit = offset;
  present = min<usize>(16, end - offset);
}

/** Stores the numbers of the units that there are. Reading more does no harm. */
// @ts-ignore: decorator
@inline
function put(at: usize, value: v128): void {
  if (present == 16) v128.store(at, value);
  else putPart(at, value);
}
function putPart(at: usize, value: v128): void {
  v128.store_lane<f32>(at, value, 0);
  if (present > 4) v128.store_lane<f32>(at, value, 1, 4);
  if (present > 8) v128.store_lane<f32>(at, value, 2, 8);
}

// ---- what a cell reads and writes -----------------------------------------------------------------------------------------------------------

/** The input side of gate k, before anything is saved. */
// @ts-ignore: decorator
@inline
export function x(k: usize): v128 {
  return saved(k);
}
/** Recurrent product k of the phase, with its bias. */
// @ts-ignore: decorator
@inline
export function h(k: usize): v128 {
  const product = v128.load(productsAt + k * slot + unit);
  return biasAt == 0 ? product : add(product, v128.load(biasAt + k * slot + unit));
}
/** What forward saves, and backward turns into gradients. */
// @ts-ignore: decorator
@inline
export function saved(k: usize): v128 {
  return v128.load(savedAt + k * slot + unit);
}
// @ts-ignore: decorator
@inline
export function save(k: usize, value: v128): void {
  put(savedAt + k * slot + unit, value);
}
/** State q before the step. */
// @ts-ignore: decorator
@inline
export function before(q: usize): v128 {
  return v128.load(beforeAt + q * stateStride + unit);
}
/** State q after the step. */
// @ts-ignore: decorator
@inline
export function after(q: usize): v128 {
  return v128.load(afterAt + q * stateStride + unit);
}
// @ts-ignore: decorator
@inline
export function setAfter(q: usize, value: v128): void {
  put(afterAt + q * stateStride + unit, value);
}
/** The first phase's left operand: the state h times its dropout mask. */
// @ts-ignore: decorator
@inline
export function operand(): v128 {
  return v128.load(operandAt + unit);
}
/** The units' weight k of their own. */
// @ts-ignore: decorator
@inline
export function weight(k: usize): v128 {
  return v128.load(weightsAt + k * slot + unit);
}
/** Where the number of steps behind the row is a multiple of what the units' weight k says. */
export function isMultiple(k: usize): v128 {
  const at = weightsAt + k * slot + unit;
  let found = i32x4.splat(0);
  found = i32x4.replace_lane(found, 0, -<i32>(time % max<u32>(<u32>f32.load(at), 1) == 0));
  found = i32x4.replace_lane(found, 1, -<i32>(time % max<u32>(<u32>f32.load(at, 4), 1) == 0));
  found = i32x4.replace_lane(found, 2, -<i32>(time % max<u32>(<u32>f32.load(at, 8), 1) == 0));
  return i32x4.replace_lane(found, 3, -<i32>(time % max<u32>(<u32>f32.load(at, 12), 1) == 0));
}
/** Backward: the gradient of state q after the step, which becomes that before it. */
// @ts-ignore: decorator
@inline
export function gradient(q: usize): v128 {
  return v128.load(gradientAt + q * gradientStride + unit);
}
// @ts-ignore: decorator
@inline
export function setGradient(q: usize, value: v128): void {
  put(gradientAt + q * gradientStride + unit, value);
}
/** The gradient of the second phase's operand. */
// @ts-ignore: decorator
@inline
export function back(): v128 {
  return v128.load(backAt + unit);
}
/** The gradient of the first phase's operand, beside what its products bring. */
// @ts-ignore: decorator
@inline
export function setThrough(value: v128): void {
  put(throughAt + unit, value);
}

// ---- activations: of the candidate, and of the gates. Those of most cells are computed here, others wherever they are ------------------------

let candidate: i32 = TANH;
let candidateAlpha: f32 = 0;
let candidateBeta: f32 = 0;
let candidateFromValue: bool = true;
let gates: i32 = SIGMOID;
let gatesAlpha: f32 = 0;
let gatesBeta: f32 = 0;
let gatesFromValue: bool = true;

export function setActivation(code: i32, alpha: f32, beta: f32, fromValue: bool): void {
  candidate = code;
  candidateAlpha = alpha;
  candidateBeta = beta;
  candidateFromValue = fromValue;
}
export function setRecurrentActivation(code: i32, alpha: f32, beta: f32, fromValue: bool): void {
  gates = code;
  gatesAlpha = alpha;
  gatesBeta = beta;
  gatesFromValue = fromValue;
}

// @ts-ignore: decorator
@inline
export function act(x: v128): v128 {
  return candidate == TANH ? tanh(x) : map(candidate, x, candidateAlpha, candidateBeta);
}
/** What is saved of y = act(x): y where the derivative follows from it, else x. */
// @ts-ignore: decorator
@inline
export function actSaved(x: v128, y: v128): v128 {
  return candidateFromValue ? y : x;
}
/** y, from what was saved. */
// @ts-ignore: decorator
@inline
export function actValue(saved: v128): v128 {
  return candidateFromValue ? saved : map(candidate, saved, candidateAlpha, candidateBeta);
}
/** The derivative at x, from what was saved. */
// @ts-ignore: decorator
@inline
export function actSlope(saved: v128): v128 {
  if (candidate == TANH) return sub(splat(1), mul(saved, saved));
  return slopeOf(candidate, saved, candidateAlpha, candidateBeta);
}
// @ts-ignore: decorator
@inline
export function gate(x: v128): v128 {
  return gates == SIGMOID ? sigmoid(x) : map(gates, x, gatesAlpha, gatesBeta);
}
// @ts-ignore: decorator
@inline
export function gateSaved(x: v128, y: v128): v128 {
  return gatesFromValue ? y : x;
}
// @ts-ignore: decorator
@inline
export function gateValue(saved: v128): v128 {
  return gatesFromValue ? saved : map(gates, saved, gatesAlpha, gatesBeta);
}
// @ts-ignore: decorator
@inline
export function gateSlope(saved: v128): v128 {
  if (gates == SIGMOID) return mul(saved, sub(splat(1), saved));
  return slopeOf(gates, saved, gatesAlpha, gatesBeta);
}
