/** Structure structures: lists and objects, in each other, with tensors or shapes as their leaves. */
import type { Shape, Tensor } from '../tensor.ts';

/** One, or lists and objects of them, in each other. */
export type Structure<T> = T | readonly Structure<T>[] | { readonly [name: string]: Structure<T> };
/** What a cell's `call` returns: the output, and the states after the step in the structure of `stateShapes`. */
export type CellStep = readonly [output: Structure<Tensor>, states: Structure<Tensor>];
/** Of a shape `isShape`; of tensors whatever is neither a list nor a plain object. */
type IsLeaf<T> = (node: Structure<T>) => node is T;

/** A list of numbers, or of null where an extent is not known yet; the empty one is the shape of a single number. */
export function isShape(node: Structure<Shape>): node is Shape {
  return (
    Array.isArray(node) &&
    node.every((extent: unknown) => extent === null || typeof extent === 'number')
  );
}

/** `isShape` in a structure of states, whose top is a list or an object itself: there `[]` stands for no state. */
export function isShapeBelow(top: Structure<Shape>): (node: Structure<Shape>) => node is Shape {
  return (node): node is Shape => node !== top && isShape(node);
}

/** The same structure with `fn` of every leaf. `path` says where one stands: `0`, or `memory.keys`. */
export function mapNested<T, U>(
  node: Structure<T>,
  fn: (leaf: T, path: string) => U,
  isLeaf: IsLeaf<T> = isNoContainer,
  path: readonly string[] = [],
): Structure<U> {
  if (isLeaf(node)) return fn(node, path.join('.'));
  const inside = Object.entries(node).map(
    ([name, one]: [string, Structure<T>]) =>
      [name, mapNested(one, fn, isLeaf, [...path, name])] as const,
  );
  return Array.isArray(node) ? inside.map(([, one]) => one) : Object.fromEntries(inside);
}

/** All leaves, in order. */
export function leavesOf<T>(node: Structure<T>, isLeaf: IsLeaf<T> = isNoContainer): T[] {
  const leaves: T[] = [];
  mapNested(node, (leaf) => leaves.push(leaf), isLeaf);
  return leaves;
}

/** The structure of `like` with these leaves. */
export function withLeaves<T, U>(
  like: Structure<T>,
  leaves: readonly U[],
  isLeaf: IsLeaf<T> = isNoContainer,
): Structure<U> {
  let next = 0;
  return mapNested(like, () => leaves[next++], isLeaf);
}

/** What stands in `node` at the places of the leaves of `like`: undefined where there is nothing. */
export function leavesLike<T>(
  like: Structure<T>,
  node: unknown,
  isLeaf: IsLeaf<T> = isNoContainer,
): unknown[] {
  if (isLeaf(like)) return [node];
  return Object.entries(like).flatMap(([name, one]: [string, Structure<T>]) =>
    leavesLike(one, (node as Record<string, unknown> | undefined)?.[name], isLeaf),
  );
}

function isNoContainer<T>(node: Structure<T>): node is T {
  if (Array.isArray(node)) return false;
  return (
    typeof node !== 'object' || node === null || Object.getPrototypeOf(node) !== Object.prototype
  );
}
