import type { Twin } from './twin.ts';

/** Twin of shaders/max_pool_gradient.wgsl: goes through the windows, which adds in the same order. */
export const maxPoolGradient: Twin<'max_pool_gradient'> = (
  { gradient, places, out },
  { size, height, width, channels, outHeight, outWidth },
) => {
  out.fill(0, 0, size);
  const picture = height * width * channels;
  const perPicture = outHeight * outWidth * channels;
  const total = (size / picture) * perPicture;
  for (let k = 0; k < total; k++) {
    const first = Math.floor(k / perPicture) * picture;
    out[first + places[k] * channels + (k % channels)] += gradient[k];
  }
};
