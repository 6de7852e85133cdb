// Draws figures as pixels.
import type { Random } from '../../src/index.ts';
import { COLOURS } from './scenes.ts';
import type { Figure, Shape } from './scenes.ts';

/** Width and height of a frame, in pixels. */
export const SIZE = 28;
/** Numbers of a frame: red, green and blue of every pixel, from 0 to 1. */
export const FRAME = SIZE * SIZE * 3;

/** How far a place lies inside of a shape of radius 1 around the origin; below 0 it lies outside. */
const DEPTHS: Record<Shape, (x: number, y: number) => number> = {
  circle: (x, y) => 1 - Math.hypot(x, y),
  square: (x, y) => 0.85 - Math.max(Math.abs(x), Math.abs(y)),
  // The point is up; its three sides are 0.55 from the origin.
  triangle: (x, y) => 0.55 - Math.max(y, 0.866 * Math.abs(x) - 0.5 * y),
  cross: (x, y) => Math.max(barDepth(x, y), barDepth(y, x)),
};

const barDepth = (x: number, y: number) => Math.min(0.32 - Math.abs(x), 1 - Math.abs(y));

/** Draws frames with a background and colours that differ from picture to picture, and noise. */
export function draw(frames: readonly (readonly Figure[])[], random: Random): Float32Array {
  const pixels = new Float32Array(frames.length * FRAME);
  const background = random.uniform(0, 0.35);
  const shades = Object.fromEntries(
    Object.entries(COLOURS).map(([name, rgb]) => [
      name,
      rgb.map((value) => value + random.uniform(-0.06, 0.06)),
    ]),
  );
  frames.forEach((figures, frame) => {
    const own = pixels.subarray(frame * FRAME, (frame + 1) * FRAME).fill(background);
    for (const figure of figures) drawFigure(own, figure, shades[figure.colour]);
    for (let i = 0; i < FRAME; i++)
      own[i] = Math.min(Math.max(own[i] + random.uniform(-0.04, 0.04), 0), 1);
  });
  return pixels;
}

function drawFigure(pixels: Float32Array, figure: Figure, rgb: readonly number[]): void {
  const radius = figure.radius * SIZE;
  for (let row = 0; row < SIZE; row++)
    for (let column = 0; column < SIZE; column++) {
      const x = (column + 0.5 - figure.x * SIZE) / radius;
      const y = (row + 0.5 - figure.y * SIZE) / radius;
      // Pixels at the edge are mixed.
      const cover = Math.min(Math.max(DEPTHS[figure.shape](x, y) * radius + 0.5, 0), 1);
      for (let c = 0; c < 3; c++) {
        const at = (row * SIZE + column) * 3 + c;
        pixels[at] += cover * (rgb[c] - pixels[at]);
      }
    }
}

/** A frame as SVG text. */
export function frameSvg(pixels: ArrayLike<number>, title: string, scale = 5): string {
  const side = SIZE * scale;
  const rects = Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [(i % SIZE) * scale, Math.floor(i / SIZE) * scale];
    const colour = [0, 1, 2].map((c) => Math.round(255 * pixels[3 * i + c])).join(',');
    return `<rect x="${x}" y="${y}" width="${scale}" height="${scale}" fill="rgb(${colour})"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges" role="img"><title>${title}</title>${rects.join('')}</svg>`;
}
