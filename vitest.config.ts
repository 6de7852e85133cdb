import { defineConfig } from 'vitest/config';
import { goldenFolder } from './test/support/golden-folder.ts';
import { chromium } from './test/support/provider.ts';

export default defineConfig({
  plugins: [goldenFolder()],
  // There is nothing else to optimise: looking for it would reload the page in the middle of a test.
  optimizeDeps: { noDiscovery: true, include: ['papaparse', '@observablehq/plot'] },
  test: {
    include: ['test/**/*.test.ts'],
    // What spawns programs runs in Node alone.
    exclude: ['test/programs/**'],
    // A fresh frame a file: no device, weight or random state passes from one file to the next.
    isolate: true,
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
