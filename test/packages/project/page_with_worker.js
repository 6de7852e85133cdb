// A page that trains where it is, and in a Worker.
import './page.js';

globalThis.inWorker = () => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = ({ message }) => reject(new Error(`the worker did not start: ${message}`));
  });
};
