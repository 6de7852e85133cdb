import { show } from '../options.ts';

/** @throws Error if `count` is not a whole number of at least `least` */
export function checkCount(what: string, count: number, least: number): void {
  if (!Number.isSafeInteger(count) || count < least)
    throw new Error(`${what}: expected a whole number of at least ${least}, got ${show(count)}`);
}
