import { computed } from '../autograd.ts';
import { POOLING_KERNELS } from '../kernel_groups/pooling.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { allocate } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import type { Pair } from './windows2d.ts';

/**
 * The largest of each window over pictures. A window may reach beyond the picture, which has nothing there.
 *
 * @param x float32 [B, H, W, C]
 * @param before rows above and columns to the left of the picture that windows reach over
 * @param outputs how many windows there are in each direction; each must have a part of the picture in it
 * @returns [B, outputs[0], outputs[1], C]
 */
export function maxPool2D(
  x: Tensor,
  pool: Pair,
  strides: Pair,
  before: Pair,
  outputs: Pair,
): Tensor {
  const [batch, height, width, channels] = x.shape;
  const { device } = x;
  const out = allocate(device, [batch, ...outputs, channels]);
  const places = allocate(device, out.shape, 'int32');
  const params = {
    ...{ height, width, channels, outHeight: outputs[0], outWidth: outputs[1] },
    ...{ poolY: pool[0], poolX: pool[1], strideY: strides[0], strideX: strides[1] },
    ...{ padY: before[0], padX: before[1] },
  };
  addKernels(POOLING_KERNELS);
  device.run(
    'max_pool',
    { pictures: x.storage, out: out.storage, places: places.storage },
    { size: out.size, ...params },
  );
  return computed(out, [x], (gradient) => {
    const dx = allocate(device, x.shape);
    device.run(
      'max_pool_gradient',
      { gradient: gradient.storage, places: places.storage, out: dx.storage },
      { size: x.size, ...params },
    );
    return [dx];
  });
}
