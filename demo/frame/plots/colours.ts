/** Colours that the colour-blind tell apart (Okabe and Ito 2008), in light and in dark. */

export const SERIES = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

export const isDark = (): boolean => matchMedia('(prefers-color-scheme: dark)').matches;

type Colour = readonly [red: number, green: number, blue: number];
const LIGHT: readonly Colour[] = [
  [0, 90, 160],
  [255, 255, 255],
  [200, 80, 0],
];
const DARK: readonly Colour[] = [
  [86, 180, 233],
  [30, 33, 39],
  [240, 150, 60],
];

/**
 * Blue below zero, orange above, the page's background at zero.
 *
 * @param dark asked once for all values of a picture
 * @returns the colour of a value from -1 to 1
 */
export function diverging(dark: boolean): (value: number) => Colour {
  const [below, zero, above] = dark ? DARK : LIGHT;
  return (value) => {
    const strength = Math.min(1, Math.abs(value));
    const end = value < 0 ? below : above;
    const mixed = (i: number) => Math.round(zero[i] + (end[i] - zero[i]) * strength);
    return [mixed(0), mixed(1), mixed(2)];
  };
}

/** What text and lines on a canvas are drawn with: the page's own colours. */
export function ink(name: 'text' | 'quiet' | 'line' | 'surface'): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
