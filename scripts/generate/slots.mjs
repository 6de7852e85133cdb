// The slots of the kernels and the files that can fill them. The names in maps/ begin with `map`, in rules/ with `rule`, and so on.
import { declarationsOf, IMPORT, link, prefixOf, sources } from './sources.mjs';

/** Names in these folders are free. */
const FREE = ['cells'];

/** By slot: the folder that fills it. */
export const slots = {};
for (const [path, text] of Object.entries(sources))
  for (const [, slot, wanted] of text.matchAll(IMPORT)) {
    if (!slot) continue;
    const folder = wanted.split('/')[0];
    slots[slot] ??= folder;
    if (slots[slot] !== folder)
      throw new Error(
        `shaders/${path}.wgsl fills the slot '${slot}' from ${folder}/, another file from ${slots[slot]}/`,
      );
  }

/** The folders that fill slots. */
export const folders = [...new Set(Object.values(slots))].sort();

/** Paths of the files in a folder. */
export const filesOf = (folder) =>
  Object.keys(sources).filter((path) => path.startsWith(`${folder}/`));

/** What the host calls a file that fills a slot: cells by their file's name, everything else in camelCase. */
export function nameOf(path) {
  const [folder, name] = path.split('/');
  return FREE.includes(folder) ? name : camel(name);
}
export const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The slots of a program: of a kernel, and of everything that it can import. */
export function slotsIn(path, seen = new Set()) {
  if (seen.has(path)) return [];
  seen.add(path);
  const found = [...sources[path].matchAll(IMPORT)].flatMap(([, slot, wanted]) =>
    slot
      ? [slot, ...filesOf(slots[slot]).flatMap((file) => slotsIn(file, seen))]
      : slotsIn(wanted, seen),
  );
  return [...new Set(found)];
}

/**
 * The files that can fill a slot of a kernel: those that declare the functions that it calls there. Not every elementwise function has a
 * derivative, and not every function of two numbers takes int32.
 */
export function fillersOf(path, slot) {
  const prefix = prefixOf(slots[slot]);
  const called = [...link(path).matchAll(new RegExp(`(?<!fn )\\b${slot}(_\\w+)?\\(`, 'g'))].map(
    ([, rest = '']) => rest,
  );
  return filesOf(slots[slot]).filter((file) => {
    const declared = declarationsOf(sources[file]);
    return called.every((rest) => declared.includes(prefix + rest) || !OPTIONAL.includes(rest));
  });
}
const OPTIONAL = ['_gradient', '_int', '_by_a', '_by_b'];

const typed = (prefix) => camel(`_${prefix}`);

/** Throws where a file declares a name that does not begin as its folder asks; bindings are the kernel's and free. */
export function checkPrefixes() {
  for (const folder of folders) {
    if (FREE.includes(folder)) continue;
    const prefix = prefixOf(folder);
    const right = new RegExp(
      `^(${prefix}(_\\w+)?|${prefix.toUpperCase()}_\\w+|${typed(prefix)}\\w*)$`,
    );
    for (const path of filesOf(folder))
      for (const name of declarationsOf(sources[path].replace(/^@group.*$/gm, '')))
        if (!right.test(name))
          throw new Error(
            `shaders/${path}.wgsl declares '${name}': names in ${folder}/ are ${prefix}, ${prefix}_… and ${prefix.toUpperCase()}_…, ${typed(prefix)}…; ` +
              'what several files need goes to lib/',
          );
  }
}
