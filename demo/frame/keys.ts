/** The keys of a page: space trains and pauses, the full stop trains a step, arrows go along the time. */

/** @param root in which the first `data-scrub` is what the arrows move */
export function listenToKeys(
  root: HTMLElement,
  { play, step }: { play(): void; step(): void },
): void {
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    const own = target.closest('input, textarea, select, button, summary, a, [contenteditable]');
    if (own || event.ctrlKey || event.metaKey || event.altKey) return;
    const scrub = root.querySelector<HTMLInputElement>('[data-scrub]');
    if (event.key === ' ') play();
    else if (event.key === '.') step();
    else if (scrub && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      if (event.key === 'ArrowLeft') scrub.stepDown();
      else scrub.stepUp();
      scrub.dispatchEvent(new Event('input', { bubbles: true }));
    } else return;
    event.preventDefault();
  });
}
