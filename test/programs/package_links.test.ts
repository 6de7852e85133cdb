/** Whether the documentation of the published package can be read without a network: every relative link leads to a file that npm packs. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';

/** The paths of the files that `npm pack` would pack. */
function packed(): ReadonlySet<string> {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return new Set(files.map(({ path }) => path));
}

/** `docs/guides/start.md` and `a-place` of the links in a Markdown file; code is no text. */
function linksIn(path: string): { target: string; place: string }[] {
  const text = readFileSync(path, 'utf8')
    .replaceAll(/^```[^]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^\w+:/.test(link))
    .map((link) => {
      const [file, place = ''] = link.split('#');
      return { target: file === '' ? path : join(dirname(path), file), place };
    });
}

/** The names under which pages show the headings of a Markdown file. */
function placesIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the published package', () => {
  const files = packed();
  const documents = [...files].filter((path) => path.endsWith('.md'));

  it('has the README, the guides and the decisions', () => {
    expect(documents).toContain('README.md');
    expect(documents).toContain('docs/guides/start.md');
    expect(documents).toContain('docs/decisions/README.md');
    expect(documents.flatMap(linksIn).length).toBeGreaterThan(100);
  });

  it.each(documents)('%s: links lead to files of the package', (path) => {
    const broken = linksIn(path).filter(
      ({ target, place }) =>
        !files.has(target) || (place !== '' && !placesIn(target).includes(place)),
    );
    expect(broken).toEqual([]);
  });

  it('has the examples that the README names', () => {
    const [, list] = /^## Examples$([^]*?)^## /m.exec(readFileSync('README.md', 'utf8'))!;
    const names = [...list.matchAll(/^- `([\w-]+)`/gm)].map(([, name]) => name);
    expect(names).toContain('language');
    expect(names.filter((name) => !files.has(`examples/${name}/main.ts`))).toEqual([]);
  });
});
