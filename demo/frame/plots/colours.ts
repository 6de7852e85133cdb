/** Colours that the colour-blind tell apart (Okabe and Ito 2008), in light and in dark. */

export const SERIES = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

export const isDark = (): boolean => matchMedia('(prefers-color-scheme: dark)').matches;

/** Blue below zero, orange above, the page's background at zero. @param value from -1 to 1 */
export function diverging(value: number): readonly [number, number, number] {
  const strength = Math.min(1, Math.abs(value));
  const zero = isDark() ? [30, 33, 39] : [255, 255, 255];
  const end = value < 0 ? (isDark() ? [86, 180, 233] : [0, 90, 160]) : isDark() ? [240, 150, 60] : [200, 80, 0]; // prettier-ignore
  return zero.map((from, i) => Math.round(from + (end[i] - from) * strength)) as never;
}

/** What text and lines on a canvas are drawn with: the page's own colours. */
export function ink(name: 'text' | 'quiet' | 'line' | 'surface'): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
