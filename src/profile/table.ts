/** A profile as a table of text. */
import type { KernelProfile, Profile } from './types.ts';

/** Kernels with less of the time than this share one line. */
const LEAST_SHARE = 0.005;

export function profileTable(profile: Omit<Profile, 'toString'>): string {
  const { ceilings, clock, copies, dispatches, kernels, kernelMs, ms, submits } = profile;
  const shown = kernels.filter(({ share }) => share >= LEAST_SHARE);
  const others = kernels.slice(shown.length);
  const rows = shown.map((kernel) => row(kernel, profile));
  if (others.length > 0) rows.push(row(joined(others), profile));
  const header = ['kernel', 'variant', 'dispatches', 'ms', 'share', 'GFLOP/s', 'GB/s'];
  const lines = table([header, ...rows]);
  return [
    `one run: ${ms.toFixed(2)} ms; its kernels: ${kernelMs.toFixed(2)} ms (by ${clock})`,
    `dispatches ${dispatches}, copies ${copies}, submits ${submits}; ${megabytes(profile.bytes)} read and written by kernels, ` +
      `${megabytes(profile.uploadedBytes)} uploaded`,
    `this device: ${digits(ceilings.gflops)} GFLOP/s in a product of matrices, ${digits(ceilings.gbPerS)} GB/s in a copy`,
    '',
    lines[0],
    '-'.repeat(lines[0].length),
    ...lines.slice(1),
  ].join('\n');
}

function joined(kernels: readonly KernelProfile[]): KernelProfile {
  const total = (of: (kernel: KernelProfile) => number): number =>
    kernels.reduce((sum, kernel) => sum + of(kernel), 0);
  const ms = total((kernel) => kernel.ms);
  const bytes = total((kernel) => kernel.bytes);
  return {
    name: `${kernels.length} others`,
    variant: '',
    dispatches: total((kernel) => kernel.dispatches),
    ms,
    share: total((kernel) => kernel.share),
    flops: 0,
    bytes,
    gflops: null,
    gbPerS: ms > 0 ? bytes / ms / 1e6 : 0,
  };
}

function row(kernel: KernelProfile, { ceilings }: Pick<Profile, 'ceilings'>): string[] {
  const { name, variant, dispatches, ms, share, gflops, gbPerS } = kernel;
  return [
    name,
    variant,
    String(dispatches),
    ms.toFixed(3),
    percent(share),
    gflops === null ? '' : `${digits(gflops)} (${percent(gflops / ceilings.gflops)})`,
    `${digits(gbPerS)} (${percent(gbPerS / ceilings.gbPerS)})`,
  ];
}

const percent = (part: number): string => `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`;
const digits = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1)} MB`;

/** Columns of one width: the first two to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
  return rows.map((cells) =>
    cells
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}
