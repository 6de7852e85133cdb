/** PyTorch's recurrent layers: golden -> float64 twin -> GPU, values and every gradient, through each variant of the fold. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Device, SequenceOptions } from '../../src/backend.ts';
import { compute, expectClose } from '../support/check.ts';
import { gpu, reference } from '../support/devices.ts';
import { loadFixture, loadLargeFixture } from '../support/fixtures.ts';
import type { GoldenCase } from '../support/fixtures.ts';
import { translate, translateCell, translateResetBefore } from '../support/pytorch.ts';
import type { Translated } from '../support/pytorch.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import type { Tolerance } from '../support/tolerances.ts';

const VARIANTS: Record<string, SequenceOptions> = {
  fold: { variant: 'fold' },
  step: { variant: 'step' },
  'chunk of 2': { variant: 'fold', chunk: 2 },
  'chunk of 2, step': { variant: 'step', chunk: 2 },
};

function setSequence(device: Device, options: SequenceOptions): void {
  device.sequence.variant = options.variant;
  device.sequence.chunk = options.chunk;
}

afterEach(async () => {
  setSequence(await gpu(), {});
  setSequence(reference, {});
});

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

async function check(golden: Translated, tolerance: Tolerance): Promise<void> {
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

describe('golden rnn_basic', async () => {
  const cases = await loadFixture('rnn_basic');
  it.each(cases)('$name', (golden) => check(translate(golden), TOLERANCE.gpu));
});

describe('golden rnn_packed', async () => {
  const cases = await loadFixture('rnn_packed');
  it.each(cases)('$name', (golden) => check(translate(golden), TOLERANCE.gpu));
});

describe('golden rnn_cells', async () => {
  const cases = await loadFixture('rnn_cells');
  it.each(cases)('$name', (golden) => check(translateCell(golden), TOLERANCE.gpu));
});

describe('golden rnn_variants', async () => {
  const cases = await loadFixture('rnn_variants');
  const here = cases.filter((golden: GoldenCase) => golden.op === 'gru_reset_before');
  it.each(here)('$name', (golden) => check(translateResetBefore(golden), TOLERANCE.gpu));
});

// Too large for this repository: it is run where ../shared/golden is beside it.
const large = (await loadLargeFixture('rnn_large')) ?? [];
if (large.length > 0)
  describe('golden rnn_large', () => {
    for (const golden of large)
      it(golden.name, () => check(translate(golden), TOLERANCE.long), 300_000);
  });
