import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';
import { goldenFolder } from './test/support/golden-folder.ts';
import { keptModules } from './test/support/kept-modules.ts';
import { chromium } from './test/support/provider.ts';

/** Short files that take long. At the end, one of them would leave the other browser with nothing to do. */
const SLOW = ['golden/recurrent', 'webgpu/profile', 'webgpu/loop-iterations', 'examples/slots'];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) =>
      SLOW.some((name) => moduleId.endsWith(`/test/${name}.test.ts`));
    // Vitest puts what took long the last time first, and without a last time the largest files.
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  plugins: [goldenFolder(), keptModules()],
  // What demo/ imports, as its users would.
  resolve: {
    alias: [
      { find: /^gatefold$/, replacement: `${import.meta.dirname}/src/index.ts` },
      { find: /^gatefold\/(.*)$/, replacement: `${import.meta.dirname}/src/$1/index.ts` },
    ],
  },
  // There is nothing else to optimise: looking for it would reload the page in the middle of a test.
  optimizeDeps: { noDiscovery: true, include: ['papaparse', '@observablehq/plot'] },
  test: {
    include: ['test/**/*.test.ts'],
    // What spawns programs runs in Node alone.
    exclude: ['test/programs/**'],
    // A fresh frame a file: no device, weight or random state passes from one file to the next.
    isolate: true,
    sequence: { sequencer: SlowFirst },
    // A browser each. One alone leaves the page waiting for the GPU process or the other way round.
    maxWorkers: Number(process.env.GATEFOLD_TEST_WORKERS ?? 2),
    // Ten times what the slowest one takes: other programs may be busy too.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    browser: {
      enabled: true,
      headless: true,
      ui: false,
      screenshotFailures: false,
      api: { host: '127.0.0.1' },
      provider: chromium(),
      instances: [{ browser: 'chromium' }],
    },
  },
});
