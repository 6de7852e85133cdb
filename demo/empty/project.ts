/** A project as one HTML file: a program, the modules that it imports, and a place for what it prints. */

/** Within a script of HTML; JSON and JavaScript have other ways to write the character. */
const inScript = (json: string): string => json.replaceAll('<', '\\u003c');
const program = (code: string): string => code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--'); // prettier-ignore

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 0.5rem; font-size: 0.833rem; }
pre { margin: 0; font: 0.833rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

/** Runs before the program: makes modules of texts, and shows what is printed. */
const BEGIN = `
const output = document.getElementById('output');
const print = (...values) => {
  output.append(values.map((value) => typeof value === 'object' && !(value instanceof Error) ? JSON.stringify(value) : String(value)).join(' ') + '\\n');
  output.scrollIntoView(false);
};
for (const name of ['log', 'info', 'warn', 'error']) {
  const own = console[name].bind(console);
  console[name] = (...values) => { own(...values); print(...values); };
}
addEventListener('error', ({ error, message }) => print(error ?? message));
addEventListener('unhandledrejection', ({ reason }) => print(reason));
const imports = Object.fromEntries(Object.entries(modules).map(([name, text]) => [name, URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))]));
const map = document.createElement('script');
map.type = 'importmap';
map.textContent = JSON.stringify({ imports });
document.head.append(map);
`;

/**
 * It needs no server: the file may be opened from a disk.
 *
 * @param code a module
 * @param modules texts of modules by the names under which it imports them
 */
export const projectPage = (code: string, modules: Readonly<Record<string, string>>): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width" />
<title>A project with Gatefold</title>
<link rel="icon" href="data:," />
<style>${STYLE}</style>
</head>
<body>
<main>
<h1 id="title">What the program prints</h1>
<pre id="output" role="log" tabindex="0" aria-labelledby="title"></pre>
</main>
<!-- The program. What it imports stands below. -->
<script type="text/plain" id="program">
${program(code)}</script>
<script>
const modules = ${inScript(JSON.stringify(modules))};
${BEGIN}
const main = document.createElement('script');
main.type = 'module';
main.textContent = document.getElementById('program').textContent;
document.body.append(main);
</script>
</body>
</html>
`;
