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
  Abs: alsoKnown(Math.abs, ops.abs),
  Ceil: alsoKnown(Math.ceil, (x) => ops.neg(ops.floor(ops.neg(x)))),
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
  Sign: unary(ops.sign),
  Exp: unary(ops.exp),
  Log: unary(ops.log),
  Reciprocal: unary(ops.reciprocal),
  Sin: unary(ops.sin),
  Cos: unary(ops.cos),
  Erf: unary(ops.erf),
  Relu: unary(ops.relu),
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
  Clip: unary((x, given) => {
    const least = given.attribute('min', undefined) ?? given.number(1, 'min') ?? -Infinity;
    const most = given.attribute('max', undefined) ?? given.number(2, 'max') ?? Infinity;
    return ops.clip(x, within(least), within(most));
  }),
} satisfies Record<string, Operator>;

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
  Pow: { onHost: (a, b) => a ** b, compute: ops.pow },
  Max: { onHost: Math.max, compute: ops.maximum },
  Min: { onHost: Math.min, compute: ops.minimum },
  Sum: { onHost: (a, b) => a + b, compute: ops.add },
  // Equal in sign to the divisor; `fmod` is not asked for in shapes.
  Mod: {
    onHost: (a, b) => a - b * Math.floor(a / b),
    compute: (a, b) => ops.sub(a, ops.mul(ops.floor(divided(a, b)), b)),
  },
  Equal: compares((a, b) => a === b, ops.equal),
  Greater: compares((a, b) => a > b, ops.greater),
  GreaterOrEqual: compares((a, b) => a >= b, ops.greaterEqual),
  Less: compares((a, b) => a < b, ops.less),
  LessOrEqual: compares((a, b) => a <= b, ops.lessEqual),
  And: compares((a, b) => a !== 0 && b !== 0, ops.mul),
  Or: compares((a, b) => a !== 0 || b !== 0, ops.maximum),
  Xor: compares((a, b) => (a !== 0) !== (b !== 0), ops.notEqual),
};

/** Whole numbers are divided as in C. */
function divided(a: Operand, b: Operand): Tensor {
  const isWhole = [a, b].some((x) => typeof x !== 'number' && x.dtype === 'int32');
  if (!isWhole) return ops.div(a, b);
  const [left, right] = [a, b].map((x) => (typeof x === 'number' ? x : ops.cast(x, 'float32')));
  return ops.cast(ops.div(left, right), 'int32');
}

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
  Mean,
  Where,
  Cast,
  CastLike,
  Dropout,
  Identity: (given) => given.value(0),
};
