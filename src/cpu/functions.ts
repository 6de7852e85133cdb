/** Functions that JavaScript lacks, in double precision. */

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** min(max(x / width + 0.5, 0), 1) */
export const hardSigmoid = (x: number, width = 6): number =>
  Math.min(Math.max(x + width / 2, 0), width) / width;

/** x, no further from 0 than 1000: far out slopes are 0, which must not meet an infinity. */
export const within = (x: number): number => Math.min(Math.max(x, -1000), 1000);

/** log(1 + e^x) */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** erf(x) = 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!, all terms of one sign. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** The standard normal distribution, and its density. */
export const normalCdf = (x: number): number => 0.5 * (1 + erf(x / Math.SQRT2));
export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
