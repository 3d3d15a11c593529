/** Changes come in bursts, uploads above all: one look for each burst is enough. */
const PAUSE_MS = 500;

/** The tabs of one browser tell each other that something was changed. */
class Tabs {
  private readonly channel = "BroadcastChannel" in window ? new BroadcastChannel("aishare-changes") : null;

  tell(): void {
    this.channel?.postMessage("changed");
  }

  onTold(act: () => void): void {
    let timer: number | undefined;
    this.channel?.addEventListener("message", () => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        act();
      }, PAUSE_MS);
    });
  }
}

export const tabs = new Tabs();
