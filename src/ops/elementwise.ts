/** Functions of one and of two numbers, element by element: the dispatches and their gradients. map.ts names them. */
import { check, NUMBER } from '../options.ts';
import { computed } from '../autograd.ts';
import { PAIRS } from '../kernels.generated.ts';
import type { MapName, PairName } from '../kernels.generated.ts';
import { mapFacts } from '../maps.ts';
import { allocate, Tensor } from '../tensor.ts';
import type { Shape, TensorLike } from '../tensor.ts';
import { floatsOf, layOut, operandsOf, storageOf } from './operands.ts';
import type { Operand } from './operands.ts';
import { sumTo } from './reduce_axes.ts';

/** y = f(x); `alpha` and `beta` are the function's constants. */
export function unary(
  filler: MapName,
  given: TensorLike,
  alpha: number = mapFacts(filler).alpha,
  beta: number = mapFacts(filler).beta,
): Tensor {
  const { name, differentiable, fromValue } = mapFacts(filler);
  check(name, 'its constant', alpha, NUMBER);
  const x = floatsOf(name, given);
  const y = allocate(x.device, x.shape);
  const variant = { slots: { map: name } };
  const params = { size: x.size, alpha, beta };
  x.device.run('unary', { x: x.storage, y: y.storage }, params, variant);
  if (!differentiable) return y;
  const saved = fromValue ? y : x;
  return computed(y, [x], (dy) => [unaryGradient(name, saved, dy, [alpha, beta])]);
}

/** f'(x) dy; `v` is y where the derivative follows from it, else x. Not recorded. */
export function unaryGradient(
  filler: MapName,
  v: Tensor,
  dy: Tensor,
  constants?: readonly [number, number],
): Tensor {
  const { name, ...own } = mapFacts(filler);
  const [alpha, beta] = constants ?? [own.alpha, own.beta];
  const dx = allocate(v.device, v.shape);
  const bindings = { v: v.storage, dy: dy.storage, dx: dx.storage };
  const params = { size: v.size, alpha, beta };
  v.device.run('unary_gradient', bindings, params, { slots: { map: name } });
  return dx;
}

/** out = a op b, broadcast (to `reach` as well); nothing is recorded. Comparisons give int32. */
export function apply(name: PairName, a: Operand, b: Operand, reach?: Shape): Tensor {
  const { device, shape, params, constants } = layOut(name, [a, b], { shape: reach });
  const { compares, takesInt } = PAIRS[name];
  if (constants.INT && !takesInt)
    throw new Error(`${name}: expected float32 tensors, got int32; cast(x, 'float32') first`);
  const out = allocate(device, shape, constants.INT || compares ? 'int32' : 'float32');
  device.run('binary', { a: storageOf(a), b: storageOf(b), out: out.storage }, params, {
    slots: { pair: name },
    constants,
  });
  return out;
}

/** out = a op b, broadcast; gradients are summed back to the operands' shapes. */
export function binary(name: PairName, left: TensorLike, right: TensorLike): Tensor {
  const operands = operandsOf(name, [left, right]);
  const [a, b] = operands;
  const out = apply(name, a, b);
  if (PAIRS[name].compares) return out;
  const isTensor = (operand: Operand): operand is Tensor => operand instanceof Tensor;
  return computed(out, operands.filter(isTensor), (gradient) => {
    const full = binaryGradients(name, a, b, gradient);
    return operands.flatMap((operand, k) => {
      if (!isTensor(operand)) return [];
      const scale = name === 'sub' && k === 1 ? -1 : 1;
      return [full[k] && sumTo(full[k], operand.shape, scale)];
    });
  });
}

/** By operand, of the shape of the result; null for what is not tracked. That of the second of `sub` still lacks its sign. */
function binaryGradients(name: PairName, a: Operand, b: Operand, dout: Tensor) {
  const wanted = [a, b].map((operand) => operand instanceof Tensor && operand.tracked);
  if (name === 'add' || name === 'sub') return wanted.map((is) => (is ? dout : null));
  const { device, shape, params, constants } = layOut(name, [a, b]);
  const [da, db] = wanted.map((is) => (is ? allocate(device, shape) : null));
  device.run(
    'binary_gradient',
    {
      a: storageOf(a),
      b: storageOf(b),
      dout: dout.storage,
      da: da?.storage ?? null,
      db: db?.storage ?? null,
    },
    { ...params, hasA: Number(wanted[0]), hasB: Number(wanted[1]) },
    { slots: { pair: name }, constants },
  );
  return [da, db];
}
