/** Linear recurrences over the time, computed by a scan: no product within a step, so that steps need not wait for each other. */
import { record } from '../autograd.ts';
import { SCAN_KERNELS } from '../kernel_groups/scan.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { check as checkValue, checkNames, FLAG, show } from '../options.ts';
import { allocate, sameShape, tensor } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { where } from './compare.ts';
import { deviceOf, floatsOf, storageOf, tensorOf } from './operands.ts';
import { sumTo } from './reduce_axes.ts';
import { reshape } from './views.ts';

/** affine: h' = a∘h + b; gated: h' = (1 - a)∘h + a∘b; complex: affine, of complex numbers. */
export type ScanForm = 'affine' | 'gated' | 'complex';
const FORMS: readonly ScanForm[] = ['affine', 'gated', 'complex'];

/** Which recurrence `scan` computes, and over which steps. */
export interface ScanOptions {
  /** Which recurrence; 'affine'. With 'complex' two neighbours on the last axis are the real and the imaginary part of one number. */
  form?: ScanForm;
  /** The state before the first step, [batch, features]; zeros by default. */
  initialState?: TensorLike | null;
  /** From the last step to the first; false. The states stay in the order of time. */
  reverse?: boolean;
  /**
   * int32 [batch, time]: a step where it is 0 passes the state on, whatever a and b hold there. null, the default:
   * every step counts.
   */
  mask?: TensorLike | null;
}

/**
 * The states of h[t] = a[t]∘h[t-1] + b[t], for all steps at once, with exact gradients of a, b and the initial state.
 *
 * @param a float32, of the shape of b, or with an extent of 1 where it is the same along an axis
 * @param b float32 [batch, time, features]; with `form: 'complex'` features are twice as many as complex numbers
 * @returns [batch, time, features], the state after each step
 * @throws where shapes do not fit
 */
export function scan(a: TensorLike, b: TensorLike, options: ScanOptions = {}): Tensor {
  checkNames('scan', options, ['form', 'initialState', 'reverse', 'mask']);
  checkValue('scan', 'reverse', options.reverse ?? false, FLAG);
  const { form = 'affine', reverse = false } = options;
  let { initialState = null, mask = null } = options;
  const at = deviceOf([a, b, initialState, mask]);
  [a, b] = [floatsOf('scan', a, at), floatsOf('scan', b, at)];
  if (initialState !== null) initialState = tensorOf('scan', initialState, at, 'float32');
  if (mask !== null) mask = tensorOf('scan', mask, at, 'int32');
  check(a, b, { form, initialState, mask });
  if (!mask) return recurrence(a, b, initialState, form, reverse);
  const real = reshape(mask, [...mask.shape, 1]);
  const kept = where(real, a, keepsState(form, b));
  return recurrence(kept, where(real, b, 0), initialState, form, reverse);
}

/** The a that leaves the state as it is, where b is 0. */
function keepsState(form: ScanForm, b: Tensor): Tensor | number {
  if (form !== 'complex') return form === 'gated' ? 0 : 1;
  const features = b.shape[2];
  const ones = Float32Array.from({ length: features }, (_, i) => 1 - (i % 2));
  return tensor(ones, [features], 'float32', b.device);
}

function recurrence(
  a: Tensor,
  b: Tensor,
  start: Tensor | null,
  form: ScanForm,
  reverse: boolean,
): Tensor {
  const { device } = b;
  const [outer, rows, features] = b.shape;
  const width = form === 'complex' ? 2 : 1;
  const params = {
    outer,
    rows,
    columns: features / width,
    ...stridesOf(a, width),
    reversed: Number(reverse),
    hasStart: Number(start !== null),
    form: FORMS.indexOf(form),
    blocks: 1,
    block: rows,
  };
  const h = allocate(device, b.shape);
  const given = { a: a.storage, starts: storageOf(start) };
  addKernels(SCAN_KERNELS);
  device.run('scan', { ...given, b: b.storage, h: h.storage }, params);
  record([h], [a, b, ...(start ? [start] : [])], ([dh]) => {
    const [da, db] = [a, b].map(({ tracked }) => (tracked ? allocate(device, b.shape) : null));
    const dStart = start?.tracked ? allocate(device, start.shape) : null;
    device.run(
      'scan_gradient',
      {
        ...given,
        b: form === 'gated' ? b.storage : null,
        h: h.storage,
        dh: dh!.storage,
        da: storageOf(da),
        db: storageOf(db),
        dStart: storageOf(dStart),
      },
      {
        ...params,
        hasDa: Number(da !== null),
        hasDb: Number(db !== null),
        hasDStart: Number(dStart !== null),
      },
    );
    return [da && sumTo(da, a.shape), db, ...(start ? [dStart] : [])];
  });
  return h;
}

/** Of a as [outer, rows, columns], in numbers of so many elements; 0 along an axis on which it is the same. */
function stridesOf(a: Tensor, width: number) {
  const [outer, rows, columns] = [1, 1, ...a.shape].slice(-3);
  return {
    aOuter: outer === 1 ? 0 : (rows * columns) / width,
    aRow: rows === 1 ? 0 : columns / width,
    aColumn: Number(columns > 1),
  };
}

function check(
  a: Tensor,
  b: Tensor,
  {
    form,
    initialState,
    mask,
  }: { form: ScanForm; initialState: Tensor | null; mask: Tensor | null },
): void {
  if (!FORMS.includes(form))
    throw new Error(`scan: expected a form of ${FORMS.join(', ')}, got ${show(form)}`);
  if (b.rank !== 3 || b.dtype !== 'float32' || b.size === 0)
    throw new Error(
      `scan: expected a float32 b of shape [batch, time, features] that is not empty, got ${b}`,
    );
  const [batch, time, features] = b.shape;
  if (form === 'complex' && features % 2 !== 0)
    throw new Error(
      `scan: expected pairs of a real and an imaginary part on the last axis of a complex b, got ${b}`,
    );
  const extents = [1, 1, ...a.shape].slice(-3);
  const fits = extents.every(
    (extent, axis) =>
      extent === b.shape[axis] || (extent === 1 && !(axis === 2 && form === 'complex')),
  );
  if (a.dtype !== 'float32' || a.rank > 3 || a.rank < 1 || !fits)
    throw new Error(
      `scan: expected a float32 a of the shape of b, [${b.shape}], or with an extent of 1 ${form === 'complex' ? 'on the first two axes' : 'on some axes'}, got ${a}`,
    );
  if (
    initialState &&
    (initialState.dtype !== 'float32' || !sameShape(initialState.shape, [batch, features]))
  )
    throw new Error(
      `scan: expected a float32 initial state of shape [batch, features] = [${batch},${features}], got ${initialState}`,
    );
  if (mask && (mask.dtype !== 'int32' || !sameShape(mask.shape, [batch, time])))
    throw new Error(
      `scan: expected an int32 mask of shape [batch, time] = [${batch},${time}], got ${mask}`,
    );
}
