import { defineConfig } from 'vite';
import { chunkName } from './scripts/chunks.mjs';

/**
 * `npm run build`: the library as ES modules, shaders inlined: a file for each entry, and what is loaded when it is asked for
 * (webgpu.js, wasm.js and one of its two builds), with what they share. What only one runtime has stays an import, and so does
 * the optional peer dependency that parses CSV.
 */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    lib: {
      entry: {
        index: 'src/index.ts',
        audio: 'src/audio/index.ts',
        data: 'src/data/index.ts',
        profile: 'src/profile/index.ts',
        stepper: 'src/stepper/index.ts',
        text: 'src/text/index.ts',
        vectors: 'src/vectors/index.ts',
      },
      formats: ['es'],
      fileName: (_, name) => `${name}.js`,
    },
    minify: false,
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: {
      external: ['webgpu', 'papaparse', /^node:/],
      output: {
        chunkFileNames: (chunk) => `${chunkName(chunk)}.js`,
      },
    },
  },
});
