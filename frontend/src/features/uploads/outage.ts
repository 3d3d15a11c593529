import { pauseSeconds } from "./retry";

interface Options {
  reachable: () => Promise<boolean>;
  /** `wasAway`: the server had been asked and did not answer. */
  onOver: (wasAway: boolean) => void;
}

/** The time in which the server takes no uploads: asks it now and then, and at once when the network is back. */
export class Outage {
  private readonly reachable: Options["reachable"];
  private readonly onOver: Options["onOver"];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lasts = false;
  private asking = false;
  private wasAway = false;
  private attempt = 0;

  constructor({ reachable, onOver }: Options) {
    this.reachable = reachable;
    this.onOver = onOver;
    if (typeof window !== "undefined") window.addEventListener("online", () => this.hurry());
  }

  begin(askedSeconds?: number): void {
    if (this.lasts) return;
    this.lasts = true;
    this.wasAway = false;
    this.pause(askedSeconds);
  }

  /** Asks now. */
  hurry(): void {
    if (!this.lasts || this.asking) return;
    clearTimeout(this.timer);
    void this.ask();
  }

  /** Something was stored: the next pause is a short one again. */
  passed(): void {
    this.attempt = 0;
  }

  end(): void {
    clearTimeout(this.timer);
    this.lasts = false;
  }

  private pause(askedSeconds?: number): void {
    this.timer = setTimeout(() => void this.ask(), pauseSeconds(this.attempt, askedSeconds) * 1000);
    this.attempt += 1;
  }

  private async ask(): Promise<void> {
    this.asking = true;
    const answers = await this.reachable();
    this.asking = false;
    if (!this.lasts) return;
    if (answers) {
      this.lasts = false;
      this.onOver(this.wasAway);
    } else {
      this.wasAway = true;
      this.pause();
    }
  }
}
