/** What a compiled kernel is called with. */
import type { Storage, Variant } from '../backend.ts';
import { mapFacts, mapParts } from '../maps.ts';
import { FIELDS, FILLERS } from './natives.generated.ts';
import type { Argument } from './natives.generated.ts';

/**
 * The arguments of a kernel in the order of its parameters; null where a slot is filled with what is not compiled.
 *
 * @param memory where a binding stands, whether as float16, and where the scales of its columns do, 0 where it has none
 * @param parts how many threads share the work; of these the first is meant
 */
export function argumentsOf(
  parameters: readonly Argument[],
  bindings: Readonly<Record<string, Storage | null>>,
  params: Readonly<Record<string, number>>,
  { slots = {}, constants = {} }: Variant,
  memory: Readonly<
    Record<'addressOf' | 'scalesOf', (storage: Storage) => number> & {
      isHalf: (storage: Storage) => boolean;
    }
  >,
  parts = 1,
): number[] | null {
  const values: number[] = [];
  for (const [kind, name, filler, place] of parameters) {
    const chosen = (slots as Record<string, string>)[name] ?? filler;
    const [own] = mapParts(chosen);
    if (kind === 'binding') {
      const storage = bindings[name];
      values.push(storage ? memory.addressOf(storage) : 0);
    } else if (kind === 'half') {
      const storage = bindings[name];
      values.push(Number(storage !== null && memory.isHalf(storage)));
    } else if (kind === 'scales') {
      const storage = bindings[name];
      values.push(storage ? memory.scalesOf(storage) : 0);
    } else if (kind === 'slot') {
      const code = FILLERS[name].indexOf(own);
      if (code < 0) return null;
      values.push(code);
    } else if (kind === 'alpha' || kind === 'beta') {
      values.push(mapFacts(chosen)[kind]);
    } else if (kind === 'fromValue') {
      values.push(Number(mapFacts(chosen).fromValue));
    } else if (kind === 'field') {
      values.push(params[FIELDS[chosen][place!]] ?? 0);
    } else if (kind === 'part' || kind === 'parts') {
      values.push(kind === 'part' ? 0 : parts);
    } else {
      values.push((kind === 'param' ? params : (constants as Record<string, number>))[name] ?? 0);
    }
  }
  return values;
}
