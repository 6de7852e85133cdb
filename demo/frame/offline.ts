/** Keeps a page and the first one for when there is no network. */

/**
 * @param folder of the page in the gallery, with a slash at its end; '' for the first page
 * @param up how to come from the page to the first one
 * @param onKept is called when all that it needs is kept
 */
export function keepForOffline(folder: string, up: string, onKept: () => void): void {
  // Browsers have it on https and on this machine alone.
  const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : null;
  if (!workers) return;
  const keep = async () => {
    workers.addEventListener('message', ({ data }: MessageEvent<{ kept?: string }>) => {
      if (data.kept === folder) onKept();
    });
    await workers.register(new URL(`${up}sw.js`, location.href.split('#')[0]));
    (await workers.ready).active?.postMessage(folder);
  };
  // The page itself comes first. It works without what is kept, so that nothing is said where a server has no sw.js.
  const later = () => setTimeout(() => void keep().catch(() => undefined), 1000);
  if (document.readyState === 'complete') later();
  else window.addEventListener('load', later, { once: true });
}
