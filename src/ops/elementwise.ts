/** Functions of one and of two numbers, element by element: the dispatches and their gradients. map.ts names them. */
import { record } from '../autograd.ts';
import { BINARY_CODES, GRADIENT_FROM_VALUE, UNARY_CODES } from '../op-codes.ts';
import type { BinaryName, UnaryName } from '../op-codes.ts';
import { allocate, Tensor } from '../tensor.ts';
import type { Shape } from '../tensor.ts';
import { layOut, storageOf, strideParams } from './operands.ts';
import type { Operand } from './operands.ts';
import { sumTo } from './reduce_axes.ts';

/** Throws unless `x` is float32. */
export function needFloat(op: string, x: Tensor): void {
  if (x.dtype !== 'float32')
    throw new Error(`${op}: expected a float32 tensor, got ${x}; cast(x, 'float32') first`);
}

/** y = f(x); `alpha` and `beta` are the function's constants. */
export function unary(name: UnaryName, x: Tensor, alpha = 0, beta = 0): Tensor {
  needFloat(name, x);
  const y = allocate(x.device, x.shape);
  const params = { size: x.size, alpha, beta };
  const variant = { constants: { OP: UNARY_CODES[name] } };
  x.device.run('unary', { x: x.storage, y: y.storage }, params, variant);
  if (name === 'sign' || name === 'floor') return y;
  const saved = GRADIENT_FROM_VALUE.has(name) ? y : x;
  record([y], [x], ([dy]) => {
    if (!dy) return [null];
    const dx = allocate(x.device, x.shape);
    const bindings = { x: saved.storage, dy: dy.storage, dx: dx.storage };
    x.device.run('unary_gradient', bindings, params, variant);
    return [dx];
  });
  return y;
}

const compares = (name: BinaryName): boolean => BINARY_CODES[name] >= BINARY_CODES.equal;

/** out = a op b, broadcast (to `reach` as well); nothing is recorded. Comparisons give int32. */
export function apply(name: BinaryName, a: Operand, b: Operand, reach?: Shape): Tensor {
  const layout = layOut(name, [a, b], { shape: reach });
  const { device, shape, size, extents, scalar, constants } = layout;
  if (constants.INT && (name === 'div' || name === 'pow' || name === 'expDifference'))
    throw new Error(`${name}: expected float32 tensors, got int32; cast(x, 'float32') first`);
  const out = allocate(device, shape, constants.INT || compares(name) ? 'int32' : 'float32');
  device.run(
    'binary',
    { a: storageOf(a), b: storageOf(b), out: out.storage },
    { size, ...extents, ...strideParams(layout), scalar },
    { constants: { ...constants, OP: BINARY_CODES[name] } },
  );
  return out;
}

/** out = a op b, broadcast; gradients are summed back to the operands' shapes. */
export function binary(name: BinaryName, a: Operand, b: Operand): Tensor {
  const out = apply(name, a, b);
  if (compares(name)) return out;
  const inputs = [a, b].filter((operand) => operand instanceof Tensor);
  record([out], inputs, ([gradient]) => {
    if (!gradient) return inputs.map(() => null);
    const [da, db] = binaryGradients(name, a, b, gradient);
    return [...(a instanceof Tensor ? [da] : []), ...(b instanceof Tensor ? [db] : [])];
  });
  return out;
}

const isTracked = (operand: Operand): operand is Tensor =>
  operand instanceof Tensor && operand.tracked;

function binaryGradients(
  name: BinaryName,
  a: Operand,
  b: Operand,
  dout: Tensor,
): [Tensor | null, Tensor | null] {
  if (name === 'add' || name === 'sub')
    return [
      isTracked(a) ? sumTo(dout, a.shape) : null,
      isTracked(b) ? sumTo(dout, b.shape, name === 'add' ? 1 : -1) : null,
    ];
  const layout = layOut(name, [a, b]);
  const { device, shape, size, extents, scalar, constants } = layout;
  const da = isTracked(a) ? allocate(device, shape) : null;
  const db = isTracked(b) ? allocate(device, shape) : null;
  device.run(
    'binary_gradient',
    {
      a: storageOf(a),
      b: storageOf(b),
      dout: dout.storage,
      da: da?.storage ?? null,
      db: db?.storage ?? null,
    },
    {
      size,
      ...extents,
      ...strideParams(layout),
      scalar,
      hasA: Number(da !== null),
      hasB: Number(db !== null),
    },
    { constants: { ...constants, OP: BINARY_CODES[name] } },
  );
  return [
    da && isTracked(a) ? sumTo(da, a.shape) : null,
    db && isTracked(b) ? sumTo(db, b.shape) : null,
  ];
}
