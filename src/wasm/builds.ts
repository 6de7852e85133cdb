/** The two builds of the kernels, and which of them an engine takes. */
import { check, oneOf } from '../options.ts';
import { DeviceError } from '../backend.ts';

/** A module with one function that uses relaxed SIMD (i8x16.relaxed_swizzle), and one that uses plain SIMD. */
const RELAXED_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 0, 253, 17,
  65, 0, 253, 17, 253, 128, 2, 11,
];
const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17,
  11,
];

/** With relaxed SIMD or without. @inline */
export type Build = 'plain' | 'relaxed';

/**
 * The build that is asked for, or the faster one that this engine takes.
 *
 * @throws Error where there is no build of that name, DeviceError where the engine does not take it or has no SIMD at all
 */
export function chooseBuild(wanted?: Build): Build {
  if (wanted !== undefined) check('wasm', 'build', wanted, oneOf(['plain', 'relaxed']));
  const takes = (bytes: readonly number[]): boolean =>
    typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array(bytes));
  if (!takes(SIMD_PROBE))
    throw new DeviceError(
      'no WebAssembly with SIMD here (Chrome 91, Firefox 89, Safari 16.4, Node 16 and later have it): use a newer browser or ' +
        'runtime, or the slower cpu()',
    );
  const hasRelaxed = takes(RELAXED_PROBE);
  if (wanted === 'relaxed' && !hasRelaxed)
    throw new DeviceError(
      "no relaxed SIMD here (Node 20 and Safari have none): leave out the option build, or ask for 'plain'",
    );
  return wanted ?? (hasRelaxed ? 'relaxed' : 'plain');
}

/** The bytes of a build, as a text: a file of its own, of which only one is loaded. */
export async function loadBuild(build: Build): Promise<string> {
  const { default: text } = await (build === 'relaxed'
    ? import('./relaxed.generated.ts')
    : import('./plain.generated.ts'));
  return text;
}
