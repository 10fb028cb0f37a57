/** The market's clock, moved by the player of a tape. */
import { pause } from '#platform/time/pause.ts';
import type { Call } from '../session.ts';

/** The clock of a market that stands still between moves; times are Unix ms. */
export type TapeClock = {
  /** Lets it stand still and returns what it shows. Rejects when it cannot be set. */
  hold(): Promise<number>;
  /** Moves it to a time, through every change of a book's state on the way. It never goes back: an earlier time is refused. */
  moveTo(timeMs: number, signal: AbortSignal): Promise<void>;
};

const triesMax = 60;
const betweenTriesMs = 250;
const setClock = 'outcry.market.v1.MarketAdminService/SetClock';

/** A clock that an administrator sets. */
export function createTapeClock(admin: Call): TapeClock {
  return {
    hold: async () => Date.parse(String((await admin(setClock, { speed: 0 })).time)),
    async moveTo(timeMs, signal) {
      for (let tries = 1; !signal.aborted; tries += 1) {
        const { arrived } = await admin(setClock, { time: new Date(timeMs).toISOString(), speed: 0 });
        if (arrived === true) return;
        // A book has not come to the state of its day yet, as when the exchange is away.
        if (tries === triesMax) throw new Error(`the clock does not come to ${new Date(timeMs).toISOString()}`);
        await pause(betweenTriesMs, signal);
      }
    },
  };
}
