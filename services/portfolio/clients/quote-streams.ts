/** Spreads the followed symbols over streams of at most a hundred, and moves as few of them as it can when they change. */
import type { PriceLane, PriceLaneOptions } from './quote-stream.ts';
import { openPriceLane } from './quote-stream.ts';

/** The open streams. */
export type PriceLanes = {
  /** Follows exactly these symbols from now on. */
  arrange(symbols: ReadonlySet<string>): void;
  /** Open streams. */
  count(): number;
  /** Ends every stream. */
  close(): Promise<void>;
};

const symbolsPerLane = 100;

/** No stream at first. */
export function createPriceLanes(options: Omit<PriceLaneOptions, 'symbols' | 'onUnknownSymbol'>): PriceLanes {
  const lanes = new Set<PriceLane>();
  // One unknown symbol refuses a whole stream: those who were in it go alone from there on and harm nobody.
  const alone = new Set<string>();
  let wanted: ReadonlySet<string> = new Set();

  const open = (symbols: readonly string[]) => {
    const onUnknownSymbol = () => {
      lanes.delete(lane);
      for (const symbol of symbols) alone.add(symbol);
      arrange(wanted);
    };
    const lane = openPriceLane({ ...options, symbols, onUnknownSymbol });
    lanes.add(lane);
  };
  const close = (lane: PriceLane) => {
    lanes.delete(lane);
    lane.stop();
  };
  const arrange = (symbols: ReadonlySet<string>) => {
    wanted = symbols;
    for (const symbol of alone) if (!wanted.has(symbol)) alone.delete(symbol);
    for (const group of groupSymbols(lanes, wanted, alone)) {
      if (group.lane !== undefined && isSame(group.lane.symbols, group.symbols)) continue;
      if (group.lane !== undefined) close(group.lane);
      if (group.symbols.length > 0) open(group.symbols);
    }
  };

  return {
    arrange,
    count: () => lanes.size,
    async close() {
      const running = [...lanes];
      for (const lane of running) close(lane);
      await Promise.all(running.map(({ stopped }) => stopped));
    },
  };
}

type Group = { lane: PriceLane | undefined; symbols: string[] };

// Each lane keeps what is still wanted of it; what is new goes where there is room, else into a lane of its own.
function groupSymbols(lanes: Iterable<PriceLane>, wanted: ReadonlySet<string>, alone: ReadonlySet<string>): Group[] {
  const groups: Group[] = [];
  for (const lane of lanes) groups.push({ lane, symbols: [...lane.symbols].filter((symbol) => wanted.has(symbol)) });
  const served = new Set(groups.flatMap(({ symbols }) => symbols));
  const hasRoom = ({ symbols }: Group) =>
    symbols.length < symbolsPerLane && !symbols.some((symbol) => alone.has(symbol));
  for (const symbol of wanted) {
    if (served.has(symbol)) continue;
    const group = alone.has(symbol) ? undefined : groups.find(hasRoom);
    if (group === undefined) groups.push({ lane: undefined, symbols: [symbol] });
    else group.symbols.push(symbol);
  }
  return groups;
}

function isSame(a: ReadonlySet<string>, b: readonly string[]): boolean {
  return a.size === b.length && b.every((symbol) => a.has(symbol));
}
