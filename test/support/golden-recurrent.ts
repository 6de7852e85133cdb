/** A golden recurrent case held against the twin, and the twin against the GPU, through each variant of the fold. */
import { expect } from 'vitest';
import type { Device, SequenceOptions } from '../../src/backend.ts';
import { compute, expectClose } from './check.ts';
import { gpu, reference } from './devices.ts';
import type { Translated } from './pytorch.ts';
import { TOLERANCE } from './tolerances.ts';
import type { Tolerance } from './tolerances.ts';

const VARIANTS: Record<string, SequenceOptions> = {
  fold: { variant: 'fold', shared: false },
  'fold, shared': { variant: 'fold', shared: true },
  step: { variant: 'step' },
  rows: { variant: 'rows' },
  'chunk of 2': { variant: 'fold', chunk: 2 },
  'chunk of 2, step': { variant: 'step', chunk: 2 },
};

function setSequence(device: Device, options: SequenceOptions): void {
  device.sequence.variant = options.variant;
  device.sequence.chunk = options.chunk;
  device.sequence.shared = options.shared;
}

/** Leaves the choice to the rule again: for `afterEach`. */
export async function freeSequence(): Promise<void> {
  setSequence(await gpu(), {});
  setSequence(reference, {});
}

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

export async function checkRecurrent(golden: Translated, tolerance: Tolerance): Promise<void> {
  const { build, inputs, cotangents } = golden;
  for (const chunk of [undefined, 2]) {
    setSequence(reference, { chunk });
    const twin = await compute(reference, build, inputs, { cotangents });
    expectGolden(twin, golden, `twin, chunk ${chunk ?? 'free'}`, TOLERANCE.golden);
  }
  setSequence(reference, {});
  const twin = await compute(reference, build, inputs, { cotangents });
  const device = await gpu();
  for (const [variant, options] of Object.entries(VARIANTS)) {
    setSequence(device, options);
    const actual = await compute(device, build, inputs, { cotangents });
    twin.outputs.forEach((output, i) =>
      expectClose(actual.outputs[i].data, output.data, `${variant}: output ${i}`, tolerance),
    );
    twin.gradients.forEach((gradient, i) => {
      if (gradient)
        expectClose(
          actual.gradients[i]!,
          gradient,
          `${variant}: gradient of ${golden.names[i]}`,
          tolerance,
        );
    });
  }
}
