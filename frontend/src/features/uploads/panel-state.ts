import { useSyncExternalStore } from "react";

/** Whether the panel of transfers is shown: asked by the button in the top bar, answered by the panel. */
class PanelState {
  private shown = false;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): boolean => this.shown;

  readonly show = (shown: boolean): void => {
    this.shown = shown;
    for (const listener of this.listeners) listener();
  };
}

export const panelState = new PanelState();

export function usePanelShown(): boolean {
  return useSyncExternalStore(panelState.subscribe, panelState.snapshot);
}
