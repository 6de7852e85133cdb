/**
 * Lets the browser keep the modules that it has loaded. Vite has it ask again for each of them, since they may have changed, and each test file
 * has a frame of its own that would ask for hundreds. While Vitest watches for changes, all is as Vite does it.
 */
import type { Plugin } from 'vite';

export function keptModules(): Plugin {
  return {
    name: 'kept-modules',
    configureServer(server) {
      if (!process.argv.includes('run')) return;
      server.middlewares.use((request, response, next) => {
        if (/\.(m?js|ts|json)(\?|$)/.test(request.url ?? '')) {
          const setHeader = response.setHeader.bind(response);
          response.setHeader = (name, value) =>
            setHeader(name, name === 'Cache-Control' ? 'max-age=3600' : value);
        }
        next();
      });
    },
  };
}
