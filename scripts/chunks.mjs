// Names of the files that bundlers make beside the entries.

/**
 * What is loaded late bears the names of its folder and its file, a device that of its folder (webgpu, wasm, wasm-plain); what several
 * files have in common is called shared-….
 *
 * @param {{ isDynamicEntry: boolean, facadeModuleId?: string | null, name: string }} chunk
 */
export function chunkName({ isDynamicEntry, facadeModuleId, name }) {
  const [, folder, file] = /(\w+)\/(\w+)(?:\.generated)?\.[jt]s$/.exec(facadeModuleId ?? '') ?? [];
  if (!isDynamicEntry || file === undefined) return `shared-${name}`;
  return file === 'device' ? folder : `${folder}-${file}`;
}
