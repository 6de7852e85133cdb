// Trains in a runtime without a page, and prints the numbers as a line of JSON. Arguments: where to save the model, and the devices.
import { entries, train } from './program.js';

async function main() {
  const [folder, ...kinds] = process.argv.slice(2);
  const results = { entries: await entries() };
  for (const kind of kinds) {
    const [device, threads] = kind.split(':');
    results[kind] = await train(device, { folder, threads: Number(threads ?? 1) });
  }
  console.log(JSON.stringify(results));
  // Dawn would keep the process; WebAssembly must not.
  if (kinds.includes('webgpu')) process.exit();
}
main();
