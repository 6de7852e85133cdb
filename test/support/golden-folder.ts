/** Serves ../shared/golden, which lies outside the checkout and may not be there, under /golden/ (404 where it is not). */
import { createReadStream, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const folder = fileURLToPath(new URL('../../../shared/golden', import.meta.url));

export function goldenFolder(): Plugin {
  return {
    name: 'golden-folder',
    configureServer(server) {
      server.middlewares.use('/golden', (request, response) => {
        const path = join(
          folder,
          basename(new URL(request.url ?? '/', 'http://localhost').pathname),
        );
        if (/\.(json|bin)$/.test(path) && existsSync(path)) {
          response.setHeader('Content-Type', 'application/octet-stream');
          createReadStream(path).pipe(response);
        } else {
          response.statusCode = 404;
          response.end();
        }
      });
    },
  };
}
