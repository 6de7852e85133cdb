// Runs cases one after the other: a line for each, and a last line that counts them.

/**
 * @param {readonly { name: string, needed?: boolean, run(): Promise<string> }[]} cases what each one returns is printed; without a case that is
 *   needed the others mean nothing, and are not run
 * @returns {Promise<number>} the exit status
 */
export async function report(cases) {
  let [passed, failed] = [0, 0];
  for (const { name, needed = false, run } of cases) {
    const begun = performance.now();
    try {
      const seen = await run();
      console.log(
        `ok      ${name}: ${seen} (${((performance.now() - begun) / 1000).toFixed(1)} s)`,
      );
      passed++;
    } catch (error) {
      console.log(`FAILED  ${name}: ${error.message}`);
      failed++;
      if (needed) break;
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}
