import { describe, expect, it } from 'vitest';
import { draw } from '../../examples/plots/plot.ts';
import {
  confusionTable,
  heatText,
  learningCurves,
  lines,
  reportPage,
  scatter,
} from '../../examples/plots/index.ts';

const parse = (svg: string) => {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(document.querySelector('parsererror')).toBe(null);
  return document.documentElement;
};
const texts = (svg: Element) => [...svg.querySelectorAll('text')].map((text) => text.textContent);
const paths = (svg: Element, mark: string) => [
  ...svg.querySelectorAll(`[aria-label="${mark}"] path`),
];

describe('plots', () => {
  it('are SVG that stands alone', async () => {
    const svg = parse(await draw('a < b & c', { width: 300, height: 200 }, () => ({})));
    expect(svg.namespaceURI).toBe('http://www.w3.org/2000/svg');
    expect(svg.tagName).toBe('svg');
    expect(svg.getAttribute('viewBox')).toBe('0 0 300 200');
    expect(svg.getAttribute('aria-label')).toBe('a < b & c');
    expect(texts(svg)).toEqual(['a < b & c']);
  });

  it('draw a line a series, and name it', async () => {
    const svg = parse(
      await lines(
        [
          { name: 'truth', y: [1, 2, Number.NaN, 3, 4] },
          { name: 'forecast', y: [2, 3, 4], low: [1, 2, 3], high: [3, 4, 5] },
        ],
        { title: 'temperature', x: 'day', y: '°C' },
      ),
    );
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['truth', 'forecast', 'temperature', '°C', 'day']),
    );
    expect(paths(svg, 'line')).toHaveLength(2);
    // A gap where the value is none: two pieces.
    expect(paths(svg, 'line')[0].getAttribute('d')?.match(/M/g)).toHaveLength(2);
    expect(paths(svg, 'area')).toHaveLength(1);
  });

  it('leave out of a logarithmic axis what is not above zero', async () => {
    const y = [1, 0, 1e-20, -1, Infinity, 1e-30];
    const svg = parse(await lines([{ name: 'norm', y }], { title: 'norm', x: 'step', log: true }));
    expect(paths(svg, 'line')[0].getAttribute('d')).not.toMatch(/NaN|Infinity/);
    expect(texts(svg)).toContain('1e-20');
  });

  it('draw training and validation of each measure together', async () => {
    const [loss, accuracy, ...more] = await learningCurves({
      ...{ loss: [3, 2, Number.NaN], valLoss: [3, 2.5, 2], accuracy: [0.1, 0.5, 0.6] },
    });
    expect(more).toEqual([]);
    expect(paths(parse(loss), 'line')).toHaveLength(2);
    expect(texts(parse(loss))).toContain('validation');
    expect(paths(parse(accuracy), 'line')).toHaveLength(1);
    // Epochs are whole, from 1 on; a share goes up to 1.
    expect(texts(parse(accuracy))).toEqual(expect.arrayContaining(['1', '2', '3', '0.0', '1.0']));
  });

  it('show an only epoch as a point', async () => {
    const [loss] = await learningCurves({ loss: [3], valLoss: [2] });
    const svg = parse(loss);
    const dots = [...svg.querySelectorAll('circle')];
    expect(dots).toHaveLength(2);
    expect(new Set(dots.map((dot) => dot.closest('[fill]')?.getAttribute('fill'))).size).toBe(2);
    expect(texts(svg).filter((text) => text === '1')).toHaveLength(1);
  });

  it('show a loss below 0 within the axes', async () => {
    const [loss] = await learningCurves({ loss: [2, -1.5] });
    const svg = parse(loss);
    const height = Number(svg.getAttribute('viewBox')!.split(' ')[3]);
    const [line] = paths(svg, 'line').map((path) => path.getAttribute('d')!);
    const [, end] = [...line.matchAll(/[ML]?[\d.]+,(-?[\d.]+)/g)].map(([, y]) => Number(y));
    expect(end).toBeLessThan(height - 20);
    expect(texts(svg)).toContain('−1.5');
  });

  it('shade a confusion table by the shares of its rows', async () => {
    const svg = parse(
      await confusionTable(
        [
          [3, 1],
          [0, 4],
        ],
        ['cat', 'dog'],
      ),
    );
    const cells = [...svg.querySelectorAll('[aria-label="cell"] rect')];
    expect(cells).toHaveLength(4);
    const opacity = cells.map((cell) => Number(cell.getAttribute('fill-opacity')));
    expect(opacity[3]).toBeGreaterThan(opacity[0]);
    expect(opacity[0]).toBeGreaterThan(opacity[1]);
    expect(opacity[1]).toBeGreaterThan(opacity[2]);
    expect(cells[0].getAttribute('fill')).not.toBe(cells[1].getAttribute('fill'));
    // A zero is an empty cell.
    expect(texts(svg).filter((text) => /^\d+$/.test(text ?? ''))).toEqual(['3', '1', '4']);
    expect(texts(svg)).toEqual(expect.arrayContaining(['75 %', '100 %']));
  });

  it('put labelled points into a plane', async () => {
    const points = [
      { x: 0, y: 0, label: 'king', group: 'he' },
      { x: 1, y: 3, label: 'queen', group: 'she' },
    ];
    const svg = parse(await scatter(points, { title: 'words' }));
    const dots = [...svg.querySelectorAll('circle')];
    expect(dots).toHaveLength(2);
    expect(dots[0].getAttribute('fill')).not.toBe(dots[1].getAttribute('fill'));
    expect(texts(svg)).toEqual(expect.arrayContaining(['king', 'queen', 'words']));
  });
});

describe('a heat map of a text', () => {
  it('shades each character by its number, and wraps lines', async () => {
    const text = 'ab<\nlong';
    const values = [1, -0.5, 0, 0.25, 0, 0, 0, -1];
    const marked = [false, true, true, ...Array<boolean>(5).fill(false)];
    const svg = parse(await heatText(text, values, { title: 'unit 3', columns: 3, marked }));
    const cells = [...svg.querySelectorAll('[aria-label="rect"] rect')];
    expect(cells).toHaveLength(8);
    const opacity = cells.map((cell) => Number(cell.getAttribute('fill-opacity')));
    expect(opacity).toEqual([0.75, 0.375, 0, 0.1875, 0, 0, 0, 0.75]);
    const colour = (index: number) => cells[index].getAttribute('fill');
    expect(colour(0)).toBe(colour(3));
    expect(colour(1)).toBe(colour(7));
    expect(colour(0)).not.toBe(colour(1));
    expect(texts(svg)).toEqual([...'ab<¬long', 'unit 3']);
    expect(svg.querySelectorAll('[aria-label="rule"] line')).toHaveLength(2);
    const rows = cells.map((cell) => cell.getAttribute('y'));
    expect(new Set(rows).size).toBe(3);
    expect(rows[3]).not.toBe(rows[4]);
    expect(rows[6]).not.toBe(rows[7]);
  });
});

describe('a report', () => {
  it('fetches nothing and escapes text', async () => {
    const figures = await learningCurves({ loss: [2, 1] });
    const html = reportPage('<b> & co', [
      { heading: 'Curves', text: '<script>', figures },
      {
        table: [
          ['cell', 'loss'],
          ['<lstm>', 0.25],
        ],
      },
    ]);
    const document = new DOMParser().parseFromString(html, 'text/html');
    expect(document.querySelectorAll('script, link, img, [src], [href]')).toHaveLength(0);
    expect(document.querySelector('h1')?.textContent).toBe('<b> & co');
    expect(document.querySelectorAll('svg')).toHaveLength(1);
    expect(document.querySelectorAll('section')).toHaveLength(2);
    expect([...document.querySelectorAll('td')].map((cell) => cell.textContent)).toEqual([
      ...['<lstm>', '0.25'],
    ]);
  });
});
