// A page that trains where it is.
import { entries, train } from './program.js';

export const onPage = async () => ({
  entries: await entries(),
  wasm: await train('wasm'),
  webgpu: await train('webgpu'),
});
globalThis.onPage = onPage;
