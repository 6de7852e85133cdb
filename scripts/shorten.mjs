// Shorter WGSL with the same meaning. The files are linked at run time, in several ways, so that a name of module scope or of a
// member gets one short name in all files together; a local name gets one in its function.
//
// What stays: constants that the host sets (`const NAME: u32 = 1u;`), bindings and members of Params, which the host names too,
// `main`, and what WGSL brings along. The lines `@group(...)` and `struct Params` go: src/webgpu/link.ts writes them. A function
// that reads a name of module scope must not declare a local one of that name too: it would not compile.

const TOKEN =
  /#import \S+|@?[A-Za-z_]\w*|0x[\da-fA-F]+[iu]?|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[iuf]?|->|&&|\|\||<<|[-+*/%&|^<>=!]=|\+\+|--|\S/g;
const WORD = /^[A-Za-z_]\w*$/;
const DECLARES = new Set(['fn', 'let', 'var', 'const', 'struct', 'alias']);
const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const PAIRS = LETTERS.flatMap((a) => [...LETTERS, ...'0123456789'].map((b) => a + b));
// Words of WGSL, and reserved ones, of two letters.
const TAKEN = new Set(['as', 'do', 'fn', 'if', 'is', 'of', 'or', 'in', 'on']);
const SWIZZLE = /^([xyzw]{1,4}|[rgba]{1,4})$/;
const HOST_CONSTANT = /^const ([A-Z][A-Z0-9_]*): u32 = \d+u;/gm;

const tokens = (text) =>
  text
    .replace(/\/\/.*$/gm, '')
    .replace(/\b(vec[234]|mat[234]x[234])<\s*([fiu])32\s*>/g, '$1$2')
    .match(TOKEN)
    .filter((token, i, all) => !(token === ',' && [')', '}'].includes(all[i + 1])));

/** The index of the bracket that closes the one at `open`. */
function closing(list, open) {
  const [from, to] = { '(': '()', '{': '{}', '<': '<>' }[list[open]];
  for (let i = open, depth = 0; ; i++) {
    if (list[i] === from) depth++;
    if (list[i] === to && --depth === 0) return i;
  }
}

/** Takes the bindings and Params out: [the rest, binding name -> element type]. */
function withoutInterface(list) {
  const rest = [];
  const types = {};
  for (let i = 0; i < list.length; i++) {
    if (list[i] === '@group') {
      const end = list.indexOf(';', i);
      const name = list.indexOf(':', i) - 1;
      // @group(0)@binding(1)var<storage,read>name:array<type>;
      types[list[name]] = print(list.slice(name + 4, end - 1));
      i = end;
    } else if (list[i] === 'struct' && list[i + 1] === 'Params') i = closing(list, i + 2);
    else rest.push(list[i]);
  }
  return [rest, types];
}

/** Functions as [begin, end, local names]. */
function functionsOf(list) {
  const found = [];
  for (let i = 0; i < list.length; i++) {
    if (list[i] !== 'fn') continue;
    const parameters = closing(list, i + 2);
    const end = closing(list, list.indexOf('{', parameters));
    const names = new Set();
    for (let k = i + 2; k < end; k++) {
      if (k < parameters && list[k + 1] === ':') names.add(list[k]);
      if (['let', 'var', 'const'].includes(list[k]) && WORD.test(list[k + 1]))
        names.add(list[k + 1]);
    }
    found.push([i, end, names]);
    i = end;
  }
  return found;
}

/** Names of module scope that a file declares, and the members of its structs. */
function declarationsOf(list) {
  const names = new Set();
  const members = new Set();
  for (let i = 0; i < list.length; i++) {
    if (list[i] === '{') {
      const end = closing(list, i);
      if (list[i - 2] === 'struct')
        for (let k = i; k < end; k++) if (list[k] === ':') members.add(list[k - 1]);
      i = end;
    } else if (DECLARES.has(list[i]))
      names.add(list[list[i + 1] === '<' ? closing(list, i + 1) + 1 : i + 1]);
  }
  return { names, members };
}

/** Constants with one literal value in all files: they are written out where they are used. */
function literalsOf(lists, kept) {
  const values = new Map();
  for (const list of lists)
    list.forEach((token, i) => {
      if (token !== 'const' || list[i + 2] !== '=') return;
      const literal = list[i + 4] === ';' && /^\d+u$/.test(list[i + 3]) ? list[i + 3] : null;
      const known = values.get(list[i + 1]);
      values.set(list[i + 1], known === undefined || known === literal ? literal : null);
    });
  return new Map([...values].filter(([name, value]) => value !== null && !kept.has(name)));
}

const withLiterals = (list, literals) =>
  list.flatMap((token, i) => {
    const declares = list.slice(Math.max(0, i - 4), i + 1).lastIndexOf('const');
    const from = i - (Math.min(i, 4) - declares);
    if (declares >= 0 && literals.has(list[from + 1]) && i <= from + 4) return [];
    return [literals.get(token) ?? token];
  });

/**
 * One letter a local name, the same in most functions, since what repeats compresses well: two names that meet in a function
 * prefer different letters.
 */
function lettersFor(functions, pool) {
  const uses = new Map();
  const meets = new Map();
  for (const { names, list } of functions)
    for (const name of names) {
      const count = list.filter((token) => token === name).length;
      uses.set(name, (uses.get(name) ?? 0) + count);
      const others = meets.get(name) ?? new Map();
      for (const other of names) others.set(other, (others.get(other) ?? 0) + 1);
      meets.set(name, others.set(name, 0));
    }
  const letter = new Map();
  for (const name of byCount(uses)) {
    const cost = (candidate, i) =>
      [...meets.get(name)].reduce(
        (sum, [o, n]) => sum + (letter.get(o) === candidate ? n : 0),
        i / 100,
      );
    const costs = pool.slice(0, 40).map(cost);
    letter.set(name, pool[costs.indexOf(Math.min(...costs))]);
  }
  return (names) => {
    const given = new Map();
    for (const name of byCount(uses).filter((n) => names.has(n))) {
      const used = new Set(given.values());
      const wanted = letter.get(name);
      given.set(name, used.has(wanted) ? pool.find((candidate) => !used.has(candidate)) : wanted);
    }
    return given;
  };
}

const byCount = (counts) => [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));

/** Names in the order of their use, the most used first. */
function countedIn(lists, names, counts = () => true) {
  const found = new Map([...names].map((name) => [name, 0]));
  for (const list of lists)
    list.forEach((token, i) => {
      if (found.has(token) && counts(list, i)) found.set(token, found.get(token) + 1);
    });
  return byCount(found);
}

// Neighbours that would read as something else, a comment or another operator.
const CLASH = /^(\w\w|--|\+\+|&&|\|\||\/\/|\/\*|<<|>=|>>=|<=|->)$/;

/** A line a declaration, so that an error of a compiler names its function; or, to be read, a line a statement. */
function print(list, readable = false) {
  let text = '';
  let depth = 0;
  for (const token of list) {
    if (token.startsWith('#')) text += `${token}\n`;
    else text += CLASH.test(text.slice(-1) + token[0]) ? ` ${token}` : token;
    if (token === '{') depth++;
    if (token === '}') depth--;
    if ([';', '}'].includes(token) && (depth === 0 || readable)) text += '\n';
  }
  return text.trim();
}

/**
 * @param sources WGSL by file name
 * @param hostNames bindings and members of Params
 * @param readable keeps the names, for a look at what a compile error prints
 * @returns params: what `params` is called now; files: by name { text, types: element type of each binding it declares }
 */
export function shorten(sources, hostNames, readable) {
  const kept = new Set(['main', ...hostNames]);
  for (const text of Object.values(sources))
    for (const [, name] of text.matchAll(HOST_CONSTANT)) kept.add(name);

  const files = Object.entries(sources).map(([file, text]) => {
    const [list, types] = withoutInterface(tokens(text));
    return { file, list, types };
  });
  const literals = literalsOf(
    files.map(({ list }) => list),
    kept,
  );
  for (const file of files) file.list = withLiterals(file.list, literals);
  const lists = files.map(({ list }) => list);

  const declared = lists.map(declarationsOf);
  const free = (name) => !kept.has(name) && !TAKEN.has(name);
  const isMember = (list, i) => list[i - 1] === '.';

  const globals = countedIn(
    lists,
    ['params', ...declared.flatMap(({ names }) => [...names])].filter((name) => !kept.has(name)),
    (list, i) => !isMember(list, i),
  );
  const pool = [...LETTERS.slice(26), ...PAIRS].filter(free);
  const global = new Map(globals.map((name, i) => [name, pool[i]]));

  const members = countedIn(
    lists,
    declared
      .flatMap((d) => [...d.members])
      .filter((name) => !kept.has(name) && !SWIZZLE.test(name)),
    isMember,
  );
  const memberPool = LETTERS.filter((name) => free(name) && !SWIZZLE.test(name));
  const member = new Map(members.map((name, i) => [name, memberPool[i]]));
  if (members.length > memberPool.length) throw new Error('more members of structs than letters');

  const reserved = new Set(global.values());
  const functions = files.flatMap(({ list }) =>
    functionsOf(list).map(([begin, end, names]) => ({
      begin,
      end,
      names,
      whole: list,
      list: list.slice(begin, end + 1).filter((_, i) => !isMember(list, begin + i)),
    })),
  );
  const localPool = [...LETTERS, ...PAIRS].filter((name) => free(name) && !reserved.has(name));
  const lettersOf = lettersFor(functions, localPool);

  for (const file of files) {
    const { list } = file;
    const out = list.map((token, i) => {
      if (!WORD.test(token) || list[i - 2] === '@builtin') return token;
      if (isMember(list, i)) return member.get(token) ?? token;
      return global.get(token) ?? token;
    });
    for (const { begin, end, names, whole } of functions) {
      if (whole !== list) continue;
      const given = lettersOf(names);
      for (let i = begin; i < end; i++)
        if (given.has(list[i]) && !isMember(list, i) && list[i - 2] !== '@builtin')
          out[i] = given.get(list[i]);
    }
    list.forEach((token, i) => {
      if (token !== 'struct') return;
      for (let k = i + 2; k < closing(list, i + 2); k++)
        if (list[k + 1] === ':') out[k] = member.get(list[k]) ?? list[k];
    });
    file.text = print(readable ? list : out, readable);
  }
  return {
    params: readable ? 'params' : global.get('params'),
    files: Object.fromEntries(files.map(({ file, text, types }) => [file, { text, types }])),
  };
}
