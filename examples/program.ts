// What the main programs of all examples have in common (in Node and Deno): options, the device, reports, exit codes.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OptionError, parseOptions, withDevice } from '../scripts/options.mjs';
import { best, cpu, setDevice, wasm, webgpu } from '../src/index.ts';

type Table = Parameters<typeof parseOptions>[0];
/** The values of the options in a table; those without a default may be undefined. */
export type Options<T extends Table> = {
  [K in keyof T]: T[K] extends { default: string } ? string : string | undefined;
};

const DEVICES = { best, webgpu, wasm, cpu };

/**
 * Reads the options of the command line, sets the default device (that of `--device`, else the best one), says which it is, runs `main`,
 * and ends the process. The exit code is what `main` returns (0 for nothing), 1 after an error, and 2 after a wrong option.
 *
 * @param table the example's options.json
 */
export async function runProgram<T extends Table>(
  table: T,
  main: (options: Options<T>) => Promise<number | void>,
): Promise<never> {
  let options: Options<T> | null = null;
  try {
    const { device: wanted = 'best', ...own } = parseOptions(
      withDevice(table),
      process.argv.slice(2),
    );
    options = own as Options<T>;
    const device = await DEVICES[wanted as keyof typeof DEVICES]();
    setDevice(device);
    const others = Object.keys(DEVICES).filter((name) => name !== 'best' && name !== device.kind);
    console.log(`device: ${device.kind}, ${device.description}`);
    console.log(`(${others.map((name) => `--device ${name}`).join(' and ')} choose another)\n`);
    // Dawn would keep the process alive.
    process.exit((await main(options)) ?? 0);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const text = options ? [message, ...pathsIn(message, table, options)].join('\n') : message;
    console.error(error instanceof OptionError ? text : `\nerror: ${text}`);
    process.exit(error instanceof OptionError ? 2 : 1);
  }
}

/** The options whose files or folders a message mentions, with their help texts. */
function pathsIn<T extends Table>(message: string, table: T, options: Options<T>): string[] {
  const names = Object.keys(table).filter((name) => {
    const path = /^(FILE|FOLDER|PATH)$/.test(table[name].value ?? '') && options[name];
    return path && [path, resolve(path)].some((one) => message.includes(one));
  });
  return names.map((name) => `--${name} ${table[name].value}: ${table[name].help}`);
}

/** Writes `folder`/report.html and prints its path. */
export async function writeReport(folder: string, html: string): Promise<void> {
  const file = join(resolve(folder), 'report.html');
  await mkdir(resolve(folder), { recursive: true });
  await writeFile(file, html);
  console.log(`\nreport: ${file}`);
}

/** A table for the console, with its header as the first row. The first column is left-aligned, the others right-aligned. */
export function tableText(rows: readonly (readonly (string | number)[])[]): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  const line = (row: readonly (string | number)[]) =>
    row
      .map((cell, i) =>
        i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]),
      )
      .join('   ');
  return rows.map(line).join('\n');
}
