import { setPanels } from '../lib/panels';

/** The right operand of the next product, or fold, is packed already: the device calls it before. */
export function usePanels(at: usize): void {
  setPanels(at);
}
