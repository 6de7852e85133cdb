// Appends the results of Vitest to the file that GATEFOLD_RESULTS names, test by test (see results.mjs).
import { appendFileSync } from 'node:fs';

export default class ResultsReporter {
  onTestCaseResult(test) {
    record({ file: test.module.relativeModuleId, test: test.fullName, state: test.result().state });
  }

  onTestModuleEnd(module) {
    const file = module.relativeModuleId;
    const tests = [...module.children.allTests()];
    // A file that could not be loaded, or whose hooks threw, has failed though no test has.
    if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed'))
      record({ file, test: 'outside of its tests', state: 'failed' });
    const { collectDuration, setupDuration, duration } = module.diagnostic();
    record({ file, seconds: (collectDuration + setupDuration + duration) / 1000 });
  }
}

function record(result) {
  appendFileSync(process.env.GATEFOLD_RESULTS, `${JSON.stringify(result)}\n`);
}
