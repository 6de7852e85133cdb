// Trains in a Worker, on two threads and on the GPU.
import { train } from './program.js';

async function work() {
  return { wasm: await train('wasm', { threads: 2 }), webgpu: await train('webgpu') };
}
work().then(postMessage, (error) => postMessage({ error: String(error.stack) }));
