/** Operators on each element: functions of one number, of two with broadcasting, and of any number of inputs. */
import * as ops from '../../../ops/index.ts';
import { broadcastShapes } from '../../../ops/operands.ts';
import type { Tensor } from '../../../tensor.ts';
import type { ElementType } from '../../elements.ts';
import { elementType } from '../tensors.ts';
import { broadcasted } from '../moves.ts';
import { asTensor, isFloatValue, isKnown, kindOf, known } from '../values.ts';
import type { Known, Value } from '../values.ts';
import type { Given, Operator } from './given.ts';

// ---- of one number ----------------------------------------------------------------------------------------------------

const unary =
  (compute: (x: Tensor, given: Given) => Tensor): Operator =>
  (given) =>
    compute(given.floats(0), given);

/** With its like for known numbers, of which shapes are made. */
const alsoKnown =
  (onHost: (x: number) => number, compute: (x: Tensor) => Tensor): Operator =>
  (given) => {
    const x = given.value(0);
    return isKnown(x) ? mapped(x, onHost, x.type) : compute(x);
  };

function mapped(x: Known, compute: (x: number) => number, type: ElementType): Known {
  return known(Array.from(x.data, compute), x.shape, type);
}

const UNARY = {
  Abs: alsoKnown(Math.abs, (x) =>
    x.dtype === 'int32' ? ops.maximum(x, ops.mul(x, -1)) : ops.abs(x),
  ),
  Ceil: alsoKnown(Math.ceil, (x) => ceil(x)),
  Floor: alsoKnown(Math.floor, ops.floor),
  Neg: alsoKnown(
    (x) => -x,
    (x) => (x.dtype === 'int32' ? ops.mul(x, -1) : ops.neg(x)),
  ),
  Sqrt: alsoKnown(Math.sqrt, ops.sqrt),
  Not: alsoKnown(
    (x) => Number(x === 0),
    (x) => ops.equal(x, 0),
  ),
  Sign: alsoKnown(Math.sign, (x) =>
    x.dtype === 'int32' ? ops.sub(ops.greater(x, 0), ops.less(x, 0)) : ops.sign(x),
  ),
  Exp: unary(ops.exp),
  Log: unary(ops.log),
  Reciprocal: unary(ops.reciprocal),
  Sin: unary(ops.sin),
  Cos: unary(ops.cos),
  Erf: unary(ops.erf),
  Relu: alsoKnown(
    (x) => Math.max(0, x),
    (x) => (x.dtype === 'int32' ? ops.maximum(x, 0) : ops.relu(x)),
  ),
  Tanh: unary(ops.tanh),
  Sigmoid: unary(ops.sigmoid),
  Selu: unary((x, given) => {
    const alpha = given.attribute('alpha', 1.6732632423543772);
    const gamma = given.attribute('gamma', 1.0507009873554805);
    return ops.mul(ops.elu(x, alpha), gamma);
  }),
  Softplus: unary(ops.softplus),
  Softsign: unary(ops.softsign),
  Mish: unary(ops.mish),
  HardSwish: unary(ops.hardSilu),
  Elu: unary((x, given) => ops.elu(x, given.attribute('alpha', 1))),
  Celu: unary((x, given) => ops.celu(x, given.attribute('alpha', 1))),
  LeakyRelu: unary((x, given) => ops.leakyRelu(x, given.attribute('alpha', 0.01))),
  ThresholdedRelu: unary((x, given) => thresholdedRelu(x, given.attribute('alpha', 1))),
  HardSigmoid: unary((x, given) =>
    hardSigmoid(x, given.attribute('alpha', 0.2), given.attribute('beta', 0.5)),
  ),
  Gelu: unary((x, given) => ops.gelu(x, given.text('approximate', 'none') === 'tanh')),
  Shrink: unary((x, given) => {
    const [limit, bias] = [given.attribute('lambd', 0.5), given.attribute('bias', 0)];
    if (bias === 0) return ops.hardShrink(x, limit);
    if (bias === limit) return ops.softShrink(x, limit);
    throw new Error(`expected a bias of 0 or ${limit}, as lambd is, got ${bias}`);
  }),
  PRelu: unary((x, given) => {
    const below = ops.mul(given.floats(1), ops.minimum(x, 0));
    return ops.add(ops.relu(x), below);
  }),
  Clip: (given) => {
    const x = given.value(0);
    const most = given.attribute('max', undefined) ?? given.number(2, 'max') ?? Infinity;
    // Where the least is above the most, everything is the most.
    const least = Math.min(
      most,
      given.attribute('min', undefined) ?? given.number(1, 'min') ?? -Infinity,
    );
    if (isKnown(x)) return mapped(x, (value) => Math.min(most, Math.max(least, value)), x.type);
    if (x.dtype !== 'int32') return ops.clip(x, within(least), within(most));
    return ops.minimum(ops.maximum(x, Math.max(least, LEAST_INT)), Math.min(most, MOST_INT));
  },
} satisfies Record<string, Operator>;

const [LEAST_INT, MOST_INT] = [-(2 ** 31), 2 ** 31 - 1];

/** The largest float32 in place of an infinity, which kernels are not given. */
const within = (limit: number): number => Math.max(-3.4e38, Math.min(3.4e38, limit));

export function hardSigmoid(x: Tensor, alpha: number, beta: number): Tensor {
  return ops.clip(ops.add(ops.mul(x, alpha), beta), 0, 1);
}

export function thresholdedRelu(x: Tensor, alpha: number): Tensor {
  return ops.mul(x, ops.cast(ops.greater(x, alpha), 'float32'));
}

// ---- of two numbers ---------------------------------------------------------------------------------------------------

/** At least one of two is a tensor. */
type Operand = Tensor | number;

interface Pair {
  readonly onHost: (a: number, b: number) => number;
  readonly compute: (a: Operand, b: Operand) => Tensor;
  /** A truth value, whatever is compared. */
  readonly isTruth?: boolean;
}
const compares = (
  onHost: (a: number, b: number) => boolean,
  compute: (a: Operand, b: Operand) => Tensor,
): Pair => ({ onHost: (a, b) => Number(onHost(a, b)), compute, isTruth: true });

const PAIRS: Record<string, Pair> = {
  Add: { onHost: (a, b) => a + b, compute: ops.add },
  Sub: { onHost: (a, b) => a - b, compute: ops.sub },
  Mul: { onHost: (a, b) => a * b, compute: ops.mul },
  Div: { onHost: (a, b) => a / b, compute: divided },
  // Of the type of the base, whatever that of the exponent is.
  Pow: {
    onHost: (a, b) => a ** b,
    compute: (a, b) => {
      const power = ops.pow(inFloats(a), inFloats(b));
      return typeof a !== 'number' && a.dtype === 'int32' ? ops.cast(power, 'int32') : power;
    },
  },
  Max: { onHost: Math.max, compute: ops.maximum },
  Min: { onHost: Math.min, compute: ops.minimum },
  Sum: { onHost: (a, b) => a + b, compute: ops.add },
  Equal: compares((a, b) => a === b, ops.equal),
  Greater: compares((a, b) => a > b, ops.greater),
  GreaterOrEqual: compares((a, b) => a >= b, ops.greaterEqual),
  Less: compares((a, b) => a < b, ops.less),
  LessOrEqual: compares((a, b) => a <= b, ops.lessEqual),
  And: compares((a, b) => a !== 0 && b !== 0, ops.mul),
  Or: compares((a, b) => a !== 0 || b !== 0, ops.maximum),
  Xor: compares((a, b) => (a !== 0) !== (b !== 0), ops.notEqual),
};

const inFloats = (x: Operand): Operand => (typeof x === 'number' ? x : ops.cast(x, 'float32'));
const isWhole = (...operands: Operand[]): boolean =>
  operands.some((x) => typeof x !== 'number' && x.dtype === 'int32');

/** Whole numbers are divided as in C. */
function divided(a: Operand, b: Operand): Tensor {
  const quotient = ops.div(inFloats(a), inFloats(b));
  return isWhole(a, b) ? ops.cast(quotient, 'int32') : quotient;
}

/** What is left of a division: with the sign of the divisor, or, as `fmod` in C, with that of what is divided. */
const remainder = (rounded: (quotient: Tensor) => Tensor, onHost: Pair['onHost']): Pair => ({
  onHost,
  compute: (a, b) => {
    const quotient = rounded(ops.div(inFloats(a), inFloats(b)));
    return ops.sub(a, ops.mul(isWhole(a, b) ? ops.cast(quotient, 'int32') : quotient, b));
  },
});
const ceil = (x: Tensor): Tensor => ops.neg(ops.floor(ops.neg(x)));
const FLOORED = remainder(ops.floor, (a, b) => a - b * Math.floor(a / b));
const TRUNCATED = remainder(
  (x) => ops.where(ops.less(x, 0), ceil(x), ops.floor(x)),
  (a, b) => a % b,
);

function paired({ onHost, compute, isTruth }: Pair, a: Value, b: Value, given: Given): Value {
  if (isKnown(a) && isKnown(b)) {
    const shape = broadcastShapes(given.node.op, [a.shape, b.shape]);
    const [left, right] = [broadcasted(a, shape), broadcasted(b, shape)] as Known[];
    const whole = !isFloatValue(a) && !isTruth ? Math.trunc : (x: number) => x;
    const numbers = Array.from(left.data, (x, i) => whole(onHost(x, right.data[i])));
    return known(numbers, shape, isTruth ? 'bool' : a.type);
  }
  return compute(operand(a, b, given), operand(b, a, given));
}

/** A single number, which a kernel takes as a parameter, or a tensor. */
function operand(value: Value, other: Value, given: Given): Operand {
  const isNumber =
    isKnown(value) &&
    value.data.length === 1 &&
    value.shape.length <= other.shape.length &&
    Number.isFinite(Math.fround(value.data[0]));
  return isNumber ? value.data[0] : asTensor(value, given.device);
}

const pairOf =
  (pair: Pair): Operator =>
  (given) =>
    given
      .all()
      .slice(1)
      .reduce((result, value) => paired(pair, result, value, given), given.value(0));

// ---- others -----------------------------------------------------------------------------------------------------------

const Mean: Operator = (given) => {
  const total = pairOf(PAIRS.Sum)(given) as Value;
  return ops.mul(asTensor(total, given.device), 1 / given.count);
};

const Where: Operator = (given) => {
  const [condition, a, b] = [given.value(0), given.value(1), given.value(2)];
  if (isKnown(condition) && isKnown(a) && isKnown(b)) {
    const shape = broadcastShapes('Where', [condition.shape, a.shape, b.shape]);
    const [choice, left, right] = [condition, a, b].map((x) => broadcasted(x, shape) as Known);
    const numbers = Array.from(choice.data, (flag, i) => (flag ? left : right).data[i]);
    return known(numbers, shape, a.type);
  }
  return ops.where(given.tensor(0), given.tensor(1), given.tensor(2));
};

function converted(x: Value, type: ElementType): Value {
  const kind = kindOf(type);
  if (isKnown(x)) {
    if (type === 'bool') return mapped(x, (value) => Number(value !== 0), type);
    const isCut = kind === 'int32' && isFloatValue(x);
    return mapped(x, isCut ? Math.trunc : (value) => value, type);
  }
  return type === 'bool' ? ops.notEqual(x, 0) : ops.cast(x, kind);
}

const Cast: Operator = (given) => {
  const code = given.attribute('to', 0);
  const type = elementType(code);
  if (type) return converted(given.value(0), type);
  throw new Error(`expected a type of numbers to cast to, got type ${code} of ONNX`);
};

const CastLike: Operator = (given) => {
  const like = given.value(1);
  const type = isKnown(like) ? like.type : like.dtype === 'int32' ? 'int32' : 'float32';
  return converted(given.value(0), type);
};

/** At inference nothing is dropped. The second output is a mask of ones. */
const Dropout: Operator = (given) => {
  const x = given.value(0);
  if (given.node.outputs[1] === null || given.node.outputs[1] === undefined) return x;
  return [x, known(new Array<number>(x.shape.reduce((a, b) => a * b, 1)).fill(1), x.shape, 'bool')];
};

export const ELEMENTWISE: Record<string, Operator> = {
  ...UNARY,
  ...Object.fromEntries(Object.entries(PAIRS).map(([name, pair]) => [name, pairOf(pair)])),
  Mod: (given) => pairOf(given.flag('fmod') ? TRUNCATED : FLOORED)(given),
  Mean,
  Where,
  Cast,
  CastLike,
  Dropout,
  Identity: (given) => given.value(0),
};
