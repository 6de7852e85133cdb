// What a cell declares in its WGSL.
import { constantsOf, sources } from './sources.mjs';

const FACTS = ['GATES', 'SAVES', 'STATES', 'PHASES'];

export function cellFacts(path) {
  const found = constantsOf(sources[path]);
  for (const need of FACTS)
    if (!(need in found)) throw new Error(`shaders/${path}.wgsl must declare const ${need}: u32`);
  return Object.fromEntries(FACTS.map((fact) => [fact, found[fact]]));
}
