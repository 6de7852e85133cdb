/**
 * The code samples of README.md and docs/guides/, as programs.
 *
 * A block with imports is a program; blocks without go on with the one before, up to the next heading. A block in `js` or `ts` runs in Node;
 * with a second word, the name of a file (`js worker.js`), it is a file of a web page, and runs in Chromium. What follows `// prints ` behind
 * a `console.log` is what it must print.
 */
export interface Block {
  readonly language: string;
  /** The file of a page that the block is; null in Node. */
  readonly place: string | null;
  readonly code: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
}

export interface Section {
  readonly file: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

const isProgram = ({ language, place }: Block): boolean =>
  /^[jt]s$/.test(language) && place === null;

/** The sections of a Markdown file that have blocks: what stands under a heading, in as many parts as it has programs. */
export function sectionsOf(file: string, markdown: string): Section[] {
  const sections: (Section & { blocks: Block[] })[] = [{ file, heading: file, blocks: [] }];
  let open: { info: string; line: number; lines: string[] } | null = null;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^ *```(.*)$/.exec(text);
    if (open && fence) {
      const [language = '', place = null] = open.info.split(/\s+/);
      const block = { language, place, code: `${open.lines.join('\n')}\n`, line: open.line };
      const { heading, blocks } = sections.at(-1)!;
      const isNew = isProgram(block) && /^import /m.test(block.code) && blocks.some(isProgram);
      if (isNew) sections.push({ file, heading, blocks: [] });
      sections.at(-1)!.blocks.push(block);
      open = null;
    } else if (open) open.lines.push(text);
    else if (fence) open = { info: fence[1].trim(), line: index + 2, lines: [] };
    else if (text.startsWith('#'))
      sections.push({ file, heading: text.replace(/^#+ */, ''), blocks: [] });
  }
  if (open) throw new Error(`${file}: the block of line ${open.line} has no end`);
  return sections.filter(({ blocks }) => blocks.length > 0);
}

/** A section's code for Node as one text, with every line where it stands in its file. */
export function programOf({ blocks }: Section): string | null {
  const own = blocks.filter(isProgram);
  if (own.length === 0) return null;
  return own.reduce((code, block) => {
    const before = code.split('\n').length;
    return code + '\n'.repeat(block.line - before) + block.code;
  }, '');
}

const IMPORT = /^ *import (\{[^}]*\}) from '([^']+)'; *$/gm;

/** Imports as declarations: `entries.gatefold`, `entries.text` and so on have what the entries export. Those of Node stay. */
export const withoutImports = (code: string): string =>
  code.replace(IMPORT, (_, names: string, from: string) => {
    const entry = /^gatefold(?:\/(\w+))?$/.exec(from);
    const module = entry ? `entries.${entry[1] ?? 'gatefold'}` : `await import('${from}')`;
    return `const ${names.replace(/ as /g, ': ')} = ${module};`;
  });

const PRINTS = /^(\s*)console\.log\((.*)\);? *\/\/ prints (.*)$/gm;

/** What a program says that it prints, and the program, which tells `printed` instead: its place in the list, then the values. */
export function withPrints(code: string): { code: string; expected: string[] } {
  const expected: string[] = [];
  const told = code.replace(PRINTS, (_, space: string, values: string, text: string) => {
    expected.push(text.trim());
    return `${space}printed(${expected.length - 1}, ${values});`;
  });
  return { code: told, expected };
}

/** The code blocks of the doc comments of a source, each with its first line. */
export function commentBlocksOf(source: string): Block[] {
  const comments = [...source.matchAll(/^ *\/\*\*[\s\S]*?\*\//gm)];
  return comments.flatMap(({ 0: comment, index }) => {
    const before = source.slice(0, index).split('\n').length - 1;
    const text = comment.replace(/^ *(\/\*\*|\*\/|\*) ?/gm, '');
    return sectionsOf('', text).flatMap(({ blocks }) =>
      blocks.map((block) => ({ ...block, line: block.line + before })),
    );
  });
}

/** The names of `exports` that a sample uses and does not declare: it need not import them. */
export const namesIn = (code: string, exports: readonly string[]): string[] =>
  exports.filter(
    (name) =>
      new RegExp(`(^|[^.\\w'])${name}\\b(?!:)`).test(code) &&
      !new RegExp(`\\b(const|let|class|function\\*?) ${name}\\b`).test(code),
  );
