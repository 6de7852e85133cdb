import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { openTfjs } from './tfjs.js';

/**
 * The gradient of an embedding needs this kernel, which the wasm backend lacks: without it tfjs cannot train an Embedding there.
 * This is a plain JavaScript loop over the backend's memory.
 */
function registerUnsortedSegmentSum() {
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: 'wasm',
    kernelFunc({ inputs: { x, segmentIds }, attrs: { numSegments }, backend }) {
      const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
      const out = backend.makeOutput(shape, x.dtype);
      const values = backend.typedArrayFromHeap(x);
      const ids = backend.typedArrayFromHeap(segmentIds);
      const sums = backend.typedArrayFromHeap(out);
      const width = values.length / ids.length;
      sums.fill(0);
      for (let row = 0; row < ids.length; row++) {
        const to = ids[row] * width;
        for (let i = 0, from = row * width; i < width; i++) sums[to + i] += values[from + i];
      }
      return out;
    },
  });
}

export const open = () =>
  openTfjs('wasm', async () => {
    setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
    registerUnsortedSegmentSum();
    await tf.setBackend('wasm');
    const [simd, threads] = await Promise.all([
      tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'),
      tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'),
    ]);
    return `${simd ? ', SIMD' : ''}${threads ? `, ${getThreadsCount()} threads` : ''}`;
  });
