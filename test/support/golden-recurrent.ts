/** The twin held against a golden recurrent case, and each device against the twin, through each way to run a sequence. */
import { expect } from 'vitest';
import type { SequenceOptions } from '../../src/backend.ts';
import { compute, expectClose, expectSame } from './check.ts';
import { reference, referenceWith, testedDevices } from './devices.ts';
import type { Translated } from './pytorch.ts';
import { TOLERANCE } from './tolerances.ts';
import type { Tolerance } from './tolerances.ts';

const VARIANTS: Record<string, SequenceOptions> = {
  fold: { variant: 'fold' },
  step: { variant: 'step' },
  rows: { variant: 'rows' },
  'chunk of 2': { variant: 'fold', chunk: 2 },
  'chunk of 2, step': { variant: 'step', chunk: 2 },
};

function expectGolden(
  computed: Awaited<ReturnType<typeof compute>>,
  golden: Translated,
  where: string,
  tolerance: Tolerance,
): void {
  golden.outputs.forEach(({ name, data }, i) =>
    expectClose(computed.outputs[i].data, data, `${where}: ${name}`, tolerance),
  );
  for (const { name, data } of golden.gradients) {
    const gradient = computed.gradients[golden.names.indexOf(name)];
    expect(gradient, `${where}: gradient of ${name}`).not.toBeNull();
    expectClose(gradient!, data, `${where}: gradient of ${name}`, tolerance);
  }
}

/** @param row of the devices' tolerances */
export async function checkRecurrent(golden: Translated, row: 'op' | 'long'): Promise<void> {
  const { build, inputs, cotangents } = golden;
  const inChunks = await compute(referenceWith({ chunk: 2 }), build, inputs, { cotangents });
  expectGolden(inChunks, golden, 'twin, chunk 2', TOLERANCE.golden);
  const twin = await compute(reference, build, inputs, { cotangents });
  expectGolden(twin, golden, 'twin', TOLERANCE.golden);
  for (const { name, open, tolerance } of testedDevices)
    for (const [variant, sequence] of Object.entries(VARIANTS)) {
      const device = await open({ sequence, poison: true });
      const actual = await compute(device, build, inputs, { cotangents });
      expectSame(actual, twin, `${name}, ${variant}`, tolerance[row]);
    }
}
