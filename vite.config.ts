import { defineConfig } from 'vite';

/**
 * `npm run build`: the library as ES modules, shaders inlined: index.js, and what is loaded when it is asked for (device.js, the WebGPU
 * device, and profile.js), with what they share. What only one runtime has stays an import.
 */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'index' },
    minify: false,
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: {
      external: ['webgpu', /^node:/],
      output: {
        chunkFileNames: ({ isDynamicEntry, name }) => (isDynamicEntry ? `${name}.js` : 'shared.js'),
      },
    },
  },
});
