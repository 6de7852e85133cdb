import type { Twin } from './twin.ts';

/** Twin of shaders/max_pool.wgsl. */
export const maxPool: Twin<'max_pool'> = ({ pictures, out, places }, params) => {
  const { size, height, width, channels, outHeight, outWidth } = params;
  const { poolY, poolX, strideY, strideX, padY, padX } = params;
  const windows = size / channels;
  for (let window = 0; window < windows; window++) {
    const x = (window % outWidth) * strideX - padX;
    const row = Math.floor(window / outWidth);
    const y = (row % outHeight) * strideY - padY;
    const first = Math.floor(row / outHeight) * height * width;
    const [top, bottom] = [Math.max(y, 0), Math.min(y + poolY, height)];
    const [left, right] = [Math.max(x, 0), Math.min(x + poolX, width)];
    for (let c = 0; c < channels; c++) {
      let largest = 0;
      let place = -1;
      for (let i = top; i < bottom; i++)
        for (let j = left; j < right; j++) {
          const at = i * width + j;
          const value = pictures[(first + at) * channels + c];
          const isLarger = value > largest || (Number.isNaN(value) && !Number.isNaN(largest));
          if (place < 0 || isLarger) {
            largest = value;
            place = at;
          }
        }
      out[window * channels + c] = largest;
      places[window * channels + c] = place;
    }
  }
};
