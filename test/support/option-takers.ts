/// <reference types="vite/client" />
/** Which functions and methods in src/ take options, by their signatures. */

const SOURCES = import.meta.glob<string>(
  ['../../src/**/*.ts', '!../../src/**/*.generated.ts', '!../../src/wasm/*/**'],
  { query: '?raw', import: 'default', eager: true },
);

/** What a parameter is called, or its type, where it is an object of options. */
const OPTIONS = /\boptions\b|Options\b|LayerConfig\b|\bfunctions\b|\bfacts\b|\bmore\b|Weighting\b/;

export interface Taker {
  /** From src/ on: `losses/regression.ts`. */
  readonly file: string;
  /** Of a function, or `Class.method`; of a constructor the name of the class. */
  readonly name: string;
}

/** Exported functions, and methods of exported classes but those that are private or protected, that take options. */
export function optionTakers(): Taker[] {
  return Object.entries(SOURCES).flatMap(([path, source]) => {
    const file = path.replace(/^.*\/src\//, '');
    return namesIn(withoutComments(source)).map((name) => ({ file, name }));
  });
}

function namesIn(code: string): string[] {
  const found = new Set<string>();
  const takes = (begin: number): boolean => OPTIONS.test(parameters(code, begin));
  const functions =
    /export (?:async )?(?:function\*? (\w+)|const (\w+)(?:: [^=]+)? =\s*(?:\(?\(|<|async))/g;
  for (const match of code.matchAll(functions)) {
    const name = match[1] ?? match[2];
    if (takes(code.indexOf('(', match.index + match[0].length - 1))) found.add(name);
  }
  for (const match of code.matchAll(/export (?:abstract )?class (\w+)[^{]*\{/g)) {
    const [, owner] = match;
    const body = code.slice(match.index, blockEnd(code, match.index + match[0].length - 1));
    const methods =
      /\n {2}(?!private|protected|get |set )(?:(?:static|override|async|public) )*\*?(\w+)(?:<[^\n]*>)?\(/g;
    for (const method of body.matchAll(methods)) {
      const begin = match.index + method.index + method[0].length - 1;
      if (takes(begin)) found.add(method[1] === 'constructor' ? owner : `${owner}.${method[1]}`);
    }
  }
  return [...found];
}

/** What stands between a bracket and the one that closes it. */
function parameters(code: string, begin: number): string {
  let depth = 0;
  for (let at = begin; at < code.length; at++) {
    if (code[at] === '(') depth++;
    if (code[at] === ')' && --depth === 0) return code.slice(begin, at);
  }
  return '';
}

function blockEnd(code: string, begin: number): number {
  const end = code.indexOf('\n}', begin);
  return end < 0 ? code.length : end;
}

const withoutComments = (code: string): string =>
  code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
