// What elementwise functions and update rules declare in their WGSL.
import { sources } from './sources.mjs';

/** A function of one number, in maps/. */
export function mapFacts(path) {
  const text = sources[path];
  needs(path, 'fn map(x: vec4f, p: vec2f) -> vec4f');
  const differentiable = has(path, 'fn map_gradient(v: vec4f, p: vec2f) -> vec4f');
  const fromValue = /^const MAP_FROM_VALUE: u32 = ([01])u;/m.exec(text)?.[1];
  if (differentiable === (fromValue === undefined))
    throw new Error(
      `shaders/${path}.wgsl must declare both const MAP_FROM_VALUE: u32 = 1u; (or 0u) and fn map_gradient(v: vec4f, p: vec2f), ` +
        'or, where it has no derivative, neither',
    );
  needs(path, 'const MAP_DEFAULTS = vec2f(');
  const defaults = /^const MAP_DEFAULTS = vec2f\((.*)\);/m.exec(text)[1];
  return {
    fromValue: fromValue === '1',
    differentiable,
    defaults: defaults === '' ? [0, 0] : defaults.split(',').map(Number),
  };
}

/** A function of two numbers, in pairs/. */
export function pairFacts(path) {
  needs(path, 'fn pair(a: vec4f, b: vec4f) -> vec4f');
  needs(path, 'const PAIR_COMPARES: u32 = ');
  return {
    compares: has(path, 'const PAIR_COMPARES: u32 = 1u;'),
    takesInt: has(path, 'fn pair_int(a: vec4i, b: vec4i) -> vec4i'),
  };
}

/** Parameters of an update rule, in rules/, in their order: f32 or u32. */
export function ruleFields(path) {
  needs(path, 'struct RuleParams {');
  const [, members] = /^struct RuleParams \{\n([^}]*)\}/m.exec(sources[path]);
  return [...members.matchAll(/^ {2}(\w+): (u32|f32),/gm)].map(([, name, type]) => ({
    name,
    type,
  }));
}

const has = (path, line) => sources[path].includes(`\n${line}`);
function needs(path, line) {
  if (!has(path, line)) throw new Error(`shaders/${path}.wgsl must declare ${line}…`);
}
