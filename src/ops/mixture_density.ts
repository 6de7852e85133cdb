/** The negative log density of points under mixtures of bivariate Gaussians, one kernel forward and one backward. */
import { computed } from '../autograd.ts';
import { MIXTURE_KERNELS } from '../kernel_groups/mixture.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import type { Tensor } from '../tensor.ts';
import { allocate, sameShape, sizeOf } from '../tensor.ts';

export interface MixtureDensityOptions {
  /** Named in errors: the loss. */
  name: string;
  /** What every standard deviation has at least, above 0 or 0. */
  minScale: number;
}

/** `losses.mixtureDensity` says what it computes. @returns [...], one number a point */
export function mixtureDensity(
  predictions: Tensor,
  targets: Tensor,
  { name, minScale }: MixtureDensityOptions,
): Tensor {
  const { device } = predictions;
  const shape = predictions.shape.slice(0, -1);
  const pen = (targets.shape.at(-1) ?? 0) - 2;
  const components = ((predictions.shape.at(-1) ?? 0) - pen) / 6;
  if (
    ![predictions, targets].every(({ dtype }) => dtype === 'float32') ||
    !(pen === 0 || pen === 1) ||
    !(Number.isInteger(components) && components > 0) ||
    !sameShape(shape, targets.shape.slice(0, -1))
  )
    throw new Error(
      `${name}: expected float32 targets [..., 3] (x, y and the end of the stroke) of predictions [..., 6 K + 1], or targets [..., 2] of ` +
        `predictions [..., 6 K], K being the number of Gaussians, got targets ${targets} and predictions ${predictions}; change the units of ` +
        'the last layer or the targets',
    );
  addKernels(MIXTURE_KERNELS);
  // e^s without a least scale: far below what any s can be.
  const log_min_scale = minScale === 0 ? -3e38 : Math.log(minScale);
  const params = { rows: sizeOf(shape), components, pen, log_min_scale };
  const loss = allocate(device, shape);
  const read = { predictions: predictions.storage, targets: targets.storage };
  device.run('mixture_density', { ...read, loss: loss.storage }, params);
  return computed(loss, [predictions], (gradient) => {
    const out = allocate(device, predictions.shape);
    const bindings = { ...read, gradient: gradient.storage, out: out.storage };
    device.run('mixture_density_backward', bindings, params);
    return [out];
  });
}
