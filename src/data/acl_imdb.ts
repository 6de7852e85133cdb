/** The Large Movie Review Dataset of Maas et al., "Learning Word Vectors for Sentiment Analysis" (ACL 2011). */
import { oneOf, readOptions, REQUIRED } from '../options.ts';
import { Dataset } from './dataset.ts';
import { filePath, isFolder, namesIn, readWhole } from './files.ts';
import type { SingleSource } from './source.ts';
import { Tally } from './table.ts';
import type { MalformedOptions } from './table.ts';
import { readTar } from './tar.ts';

/** A film review of aclImdb. */
export interface Review {
  /** As in the file, with its `<br />`. */
  readonly text: string;
  /** 1 positive, 0 negative, -1 unlabelled (`unsup`). */
  readonly label: number;
  /** 1 to 10 stars; 0 if there are none (`unsup`). */
  readonly rating: number;
  /** The number in its file name, from 0; not unique across subsets and labels. */
  readonly id: number;
}

/** Which reviews `readAclImdb` reads. */
export interface AclImdbOptions extends MalformedOptions {
  /** `unsup` has the reviews without labels. */
  subset: 'train' | 'test' | 'unsup';
}

interface ReviewFile {
  readonly path: string;
  bytes(): Promise<Uint8Array>;
}
const LABELS: Record<string, number> = { neg: 0, pos: 1, unsup: -1 };

/**
 * The reviews of aclImdb, one per element. From a folder they come in the order of their ids, negative and positive ones
 * alternating. From an archive they come as stored, all of one label first: shuffle them with `bufferSize` 25 000.
 *
 * @param source the folder `aclImdb` (in Node and Deno its path; in a web page the files of a folder that the user chose), or
 *   the archive `aclImdb_v1.tar.gz` as a path, URL, File or stream
 * @throws Error if the source contains no such reviews, or a review's name is not `ID_RATING.txt` (unless
 *   `onMalformed: 'skip'`)
 */
export function readAclImdb(
  source: SingleSource | readonly File[],
  options: AclImdbOptions,
): Dataset<Review> {
  const { subset } = readOptions<Required<AclImdbOptions>>(
    'readAclImdb',
    options,
    { subset: REQUIRED, onMalformed: 'throw' },
    { subset: oneOf(['train', 'test', 'unsup']) },
  );
  const classes = subset === 'unsup' ? ['train/unsup'] : [`${subset}/neg`, `${subset}/pos`];
  const tally = new Tally(options);
  async function* reviews(): AsyncGenerator<Review> {
    tally.skipped = 0;
    let found = false;
    for await (const file of filesOf(source, classes)) {
      const match = /(?:^|\/)(train|test)\/(neg|pos|unsup)\/([^/]+)$/.exec(file.path);
      if (!match || !classes.includes(`${match[1]}/${match[2]}`)) continue;
      found = true;
      const name = /^(\d+)_(\d+)\.txt$/.exec(match[3]);
      if (name)
        yield {
          text: new TextDecoder().decode(await file.bytes()),
          label: LABELS[match[2]],
          rating: Number(name[2]),
          id: Number(name[1]),
        };
      else tally.malformed(file.path, 1, 'expected a file named ID_RATING.txt');
    }
    if (!found)
      throw new Error(
        `readAclImdb: expected files like ${classes[0]}/0_3.txt, found none; pass the folder aclImdb or aclImdb_v1.tar.gz`,
      );
  }
  return Dataset.fromGenerator(reviews, { tally });
}

async function* filesOf(
  source: SingleSource | readonly File[],
  classes: readonly string[],
): AsyncGenerator<ReviewFile> {
  if (Array.isArray(source) && source.every((file) => file instanceof File)) {
    const files = source.map((file) => ({
      path: file.webkitRelativePath || file.name,
      bytes: async () => new Uint8Array(await file.arrayBuffer()),
    }));
    yield* files.sort((a, b) => byId(a.path, b.path));
    return;
  }
  const single = source as SingleSource;
  const isNamed = typeof single === 'string' || single instanceof URL;
  const path = isNamed ? filePath(single) : null;
  if (path === null || !(await isFolder(path))) {
    yield* readTar(single);
    return;
  }
  const paths: string[] = [];
  for (const folder of classes)
    for (const name of await namesIn(`${path}/${folder}`)) paths.push(`${folder}/${name}`);
  for (const one of paths.sort(byId))
    yield { path: `${path}/${one}`, bytes: () => readWhole(`${path}/${one}`) };
}

/** Compares by the number that a name starts with: as text, `10_9.txt` would come before `2_3.txt`. */
function byId(a: string, b: string): number {
  const idOf = (path: string): number => parseInt(path.slice(path.lastIndexOf('/') + 1), 10);
  return idOf(a) - idOf(b) || (a < b ? -1 : 1);
}
