/**
 * Runs an asynchronous task on incoming values, one at a time. While it runs, only the latest value is kept, and earlier ones are
 * skipped.
 */
export function latestOnly<T>(task: (value: T) => Promise<void>): (value: T) => void {
  let waiting: { value: T } | null = null;
  let busy = false;
  async function work(): Promise<void> {
    busy = true;
    while (waiting) {
      const { value } = waiting;
      waiting = null;
      await task(value);
    }
    busy = false;
  }
  return (value) => {
    waiting = { value };
    if (!busy) void work();
  };
}
