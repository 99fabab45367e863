/** Distance of two moments of one demo, in milliseconds. */
const step = 64;

/**
 * The times of a demo's events. No two are the same, because Prometheus refuses two values of one series at one time,
 * and with them all that the same request holds. Two demos share a moment only where their lanes are the same.
 */
export class Moments {
  private readonly taken = new Set<number>();
  private readonly lane: number;

  /** @param lane any whole number */
  constructor(lane: number) {
    this.lane = lane % step;
  }

  /** Takes the first free moment from a time on. */
  take(fromMs: number): number {
    let moment = Math.ceil((fromMs - this.lane) / step) * step + this.lane;
    while (this.taken.has(moment)) {
      moment += step;
    }
    this.taken.add(moment);
    return moment;
  }
}
