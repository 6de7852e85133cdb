/** The discrete Fourier transform of real numbers, of any length, in float64. */
import { sizeFor } from '../options.ts';
import { checkSignal, wholeNumber } from './checks.ts';

/** Transforms in place: z_k becomes the sum of z_t exp(-2πi k t / n) over t. */
export type Transform = (real: Float64Array, imag: Float64Array) => void;

/** The non-negative frequencies of a transform of length n: k / n of the sample rate for k from 0 to floor(n / 2). */
export interface Spectrum {
  /** [floor(n / 2) + 1] */
  readonly real: Float64Array<ArrayBuffer>;
  /** [floor(n / 2) + 1] */
  readonly imag: Float64Array<ArrayBuffer>;
}

/**
 * The Fourier transform of real samples, as NumPy's `fft.rfft`: unscaled, any length.
 *
 * @param x [samples]
 * @param fftLength of the transform; by default that of x, which is otherwise cut off or padded with zeros at its end
 * @throws Error if x is empty or has a number that is not finite
 */
export function rfft(x: ArrayLike<number>, fftLength: number = x?.length): Spectrum {
  checkSignal('rfft', x);
  const n = sizeFor('rfft', wholeNumber('rfft: fftLength', fftLength, 1), 1);
  const real = new Float64Array(n);
  const imag = new Float64Array(n);
  for (let t = 0; t < Math.min(n, x.length); t++) real[t] = x[t];
  transformOf(n)(real, imag);
  const bins = (n >> 1) + 1;
  return { real: real.slice(0, bins), imag: imag.slice(0, bins) };
}

export const transformOf = (n: number): Transform =>
  (n & (n - 1)) === 0 ? powerOfTwo(n) : anyLength(n);

/** Cooley and Tukey 1965, radix 2, in place. */
function powerOfTwo(n: number): Transform {
  const half = n >> 1;
  const cosines = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sines = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / n));
  const reversed = new Uint32Array(n);
  for (let i = 1; i < n; i++) reversed[i] = (reversed[i >> 1] >> 1) | (i & 1 ? half : 0);
  return (real, imag) => {
    for (let i = 0; i < n; i++) {
      const j = reversed[i];
      if (j <= i) continue;
      [real[i], real[j]] = [real[j], real[i]];
      [imag[i], imag[j]] = [imag[j], imag[i]];
    }
    for (let size = 1; size < n; size *= 2) {
      const stride = half / size;
      for (let start = 0; start < n; start += 2 * size)
        for (let k = 0; k < size; k++) {
          const [a, b] = [start + k, start + k + size];
          const [c, s] = [cosines[k * stride], sines[k * stride]];
          const re = real[b] * c - imag[b] * s;
          const im = real[b] * s + imag[b] * c;
          real[b] = real[a] - re;
          imag[b] = imag[a] - im;
          real[a] += re;
          imag[a] += im;
        }
    }
  };
}

/** Bluestein 1970: with k t = (k² + t² - (k - t)²) / 2 the transform is a convolution, which powers of two compute. */
function anyLength(n: number): Transform {
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const transform = powerOfTwo(size);
  // exp(-πi t² / n); t² modulo 2n keeps the angle exact.
  const cosines = Float64Array.from({ length: n }, (_, t) =>
    Math.cos((Math.PI * ((t * t) % (2 * n))) / n),
  );
  const sines = Float64Array.from(
    { length: n },
    (_, t) => -Math.sin((Math.PI * ((t * t) % (2 * n))) / n),
  );
  const [kernelReal, kernelImag] = [new Float64Array(size), new Float64Array(size)];
  for (let t = 0; t < n; t++)
    for (const at of [t, (size - t) % size]) {
      kernelReal[at] = cosines[t];
      kernelImag[at] = -sines[t];
    }
  transform(kernelReal, kernelImag);
  const [re, im] = [new Float64Array(size), new Float64Array(size)];
  return (real, imag) => {
    re.fill(0);
    im.fill(0);
    for (let t = 0; t < n; t++) {
      re[t] = real[t] * cosines[t] - imag[t] * sines[t];
      im[t] = real[t] * sines[t] + imag[t] * cosines[t];
    }
    transform(re, im);
    for (let k = 0; k < size; k++) {
      const product = re[k] * kernelReal[k] - im[k] * kernelImag[k];
      // Conjugated: the transform of the conjugate is the conjugate of the inverse, times the size.
      im[k] = -(re[k] * kernelImag[k] + im[k] * kernelReal[k]);
      re[k] = product;
    }
    transform(re, im);
    for (let k = 0; k < n; k++) {
      const [a, b] = [re[k] / size, -im[k] / size];
      real[k] = a * cosines[k] - b * sines[k];
      imag[k] = a * sines[k] + b * cosines[k];
    }
  };
}
