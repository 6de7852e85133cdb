/** Who prints the course of training: nobody, unless it is asked for. */
import type { Output, Progress, Verbosity } from './progress.ts';

/**
 * What prints, by the options; null for silence, which is the default in a browser. The code that prints is therefore a file
 * of its own, loaded when something is to be printed.
 */
export async function progressFor(options: {
  verbose?: Verbosity;
  output?: Output;
}): Promise<Progress | null> {
  const verbose = options.verbose ?? defaultVerbosity();
  if (verbose === 0) return null;
  const { defaultOutput, Progress } = await import('./progress.ts');
  return new Progress(verbose, options.output ?? defaultOutput());
}

/** In a browser nothing is printed unless asked for. */
function defaultVerbosity(): Verbosity {
  const { process } = globalThis as { process?: { stdout?: { write?: unknown } } };
  return process?.stdout?.write ? 1 : 0;
}
