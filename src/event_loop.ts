/** Giving the event loop its turn: input, timers and the network wait while a long loop runs. */

/** How long a loop may keep the event loop waiting, in milliseconds. */
const YIELD_EVERY_MS = 50;

/**
 * Resolves after the other tasks that are waiting have run. It does not use `setTimeout`, which browsers slow down to one
 * call a second in hidden pages.
 */
export function yieldToEventLoop(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => unknown };
  if (setImmediate) return new Promise((done) => void setImmediate(done));
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });
}

/** Makes a function to await in a long loop: it yields to the event loop every 50 ms, and otherwise does nothing. */
export function periodicYield(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < YIELD_EVERY_MS) return undefined;
    return yieldToEventLoop().then(() => {
      last = performance.now();
    });
  };
}
