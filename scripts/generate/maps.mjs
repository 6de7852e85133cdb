// What an elementwise function declares in its WGSL, beside itself and its derivative.
import { sources } from './sources.mjs';

export function mapFacts(path) {
  const text = sources[path];
  const differentiable = /^fn map_gradient\(v: vec4f, p: vec2f\) -> vec4f/m.test(text);
  const fromValue = /^const MAP_FROM_VALUE: u32 = ([01])u;/m.exec(text)?.[1];
  const defaults = /^const MAP_DEFAULTS = vec2f\((.*)\);/m.exec(text)?.[1];
  if (!/^fn map\(x: vec4f, p: vec2f\) -> vec4f/m.test(text))
    throw new Error(`shaders/${path}.wgsl must declare fn map(x: vec4f, p: vec2f) -> vec4f`);
  if (differentiable === (fromValue === undefined))
    throw new Error(
      `shaders/${path}.wgsl must declare both const MAP_FROM_VALUE: u32 = 1u; (or 0u) and fn map_gradient(v: vec4f, p: vec2f), ` +
        'or, where it has no derivative, neither',
    );
  if (defaults === undefined)
    throw new Error(`shaders/${path}.wgsl must declare const MAP_DEFAULTS = vec2f(…);`);
  return {
    fromValue: fromValue === '1',
    differentiable,
    defaults: defaults === '' ? [0, 0] : defaults.split(',').map(Number),
  };
}
