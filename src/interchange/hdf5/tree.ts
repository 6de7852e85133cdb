/** B-trees of version 1: the tables of a group, or the chunks of a dataset. */
import type { Bytes } from '../bytes.ts';

/** The children of the lowest nodes of a tree, with where their keys are. */
export function treeLeaves(
  bytes: Bytes,
  root: number,
  { type, key, once }: { type: number; key: number; once: (at: number) => void },
): { key: number; child: number }[] {
  const leaves: { key: number; child: number }[] = [];
  const visit = (at: number, level: number | null): void => {
    once(at);
    if (!bytes.has(at, 'TREE') || bytes.u8(at + 4) !== type)
      bytes.fail(at, 'expected a node of a tree');
    const own = bytes.u8(at + 5);
    if (level !== null && own !== level)
      bytes.fail(at, `expected a node of level ${level}, got ${own}`);
    const count = bytes.u16(at + 6);
    for (let k = 0; k < count; k++) {
      const place = at + 24 + k * (key + 8);
      const child = bytes.u64(place + key);
      if (own === 0) leaves.push({ key: place, child });
      else visit(child, own - 1);
    }
  };
  visit(root, null);
  return leaves;
}
