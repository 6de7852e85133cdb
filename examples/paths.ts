/** The file that an option names: its path, or the file of that `name` where the path is a folder (in Node and Deno). */
export async function fileAt(path: string, name: string): Promise<string> {
  // Loaded here, since tests in a browser load what reads made-up data too.
  const [{ stat }, { join, resolve }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
  ]);
  const given = resolve(path);
  const isFolder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? join(given, name) : given;
}
