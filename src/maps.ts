/**
 * Elementwise functions by their names, as what fills a slot. Behind a name may stand a constant of its own, in place of the function's default:
 * `leakyRelu(0.3)`, `hardSigmoid(5)`.
 */
import { MAPS } from './kernels.generated.ts';
import type { MapName } from './kernels.generated.ts';

/** The name, and the constant as it is written; undefined where there is none. */
export function mapParts(filler: string): [name: string, constant: string | undefined] {
  const [, name = filler, constant] = /^(\w+)\((.+)\)$/.exec(filler) ?? [];
  return [name, constant];
}

const facts = new Map<string, ReturnType<typeof findFacts>>();

/** What is known of a function, with its constants. It is asked for at every operation, so each is looked up once. */
export function mapFacts(filler: string) {
  let found = facts.get(filler);
  if (!found) facts.set(filler, (found = findFacts(filler)));
  return found;
}

function findFacts(filler: string) {
  const [key, constant] = mapParts(filler);
  const name = key as MapName;
  const { defaults, ...others } = MAPS[name];
  const [alpha, beta] = defaults;
  return { ...others, name, alpha: constant === undefined ? alpha : Number(constant), beta };
}
