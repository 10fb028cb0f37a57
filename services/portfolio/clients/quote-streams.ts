/** Distributes the followed symbols over streams of at most a hundred, and opens as few of them anew as it can when they change. */
import { openQuoteStream, type QuoteStream, type QuoteStreamOptions } from './quote-stream.ts';

/** The open streams. */
export type QuoteStreams = {
  /** Follows exactly these symbols from now on. */
  follow(symbols: ReadonlySet<string>): void;
  /** Open streams. */
  count(): number;
  /** Ends every stream. */
  close(): Promise<void>;
};

const symbolsPerStreamMax = 100;

/** No stream at first. */
export function createQuoteStreams(options: Omit<QuoteStreamOptions, 'symbols' | 'onUnknownSymbol'>): QuoteStreams {
  const streams = new Set<QuoteStream>();
  // The market refuses a whole stream for one symbol that it does not list: each symbol of a refused stream gets one of its own.
  const isolated = new Set<string>();
  let followed: ReadonlySet<string> = new Set();

  const open = (symbols: readonly string[]) => {
    const onUnknownSymbol = () => {
      streams.delete(stream);
      for (const symbol of symbols) isolated.add(symbol);
      follow(followed);
    };
    const stream = openQuoteStream({ ...options, symbols, onUnknownSymbol });
    streams.add(stream);
  };
  const close = (stream: QuoteStream) => {
    streams.delete(stream);
    stream.stop();
  };
  const follow = (symbols: ReadonlySet<string>) => {
    followed = symbols;
    for (const symbol of isolated) if (!followed.has(symbol)) isolated.delete(symbol);
    for (const group of groupSymbols(streams, followed, isolated)) {
      if (group.stream !== undefined && isSame(group.stream.symbols, group.symbols)) continue;
      if (group.stream !== undefined) close(group.stream);
      if (group.symbols.length > 0) open(group.symbols);
    }
  };

  return {
    follow,
    count: () => streams.size,
    async close() {
      const running = [...streams];
      for (const stream of running) close(stream);
      await Promise.all(running.map(({ stopped }) => stopped));
    },
  };
}

type Group = { stream: QuoteStream | undefined; symbols: string[] };

// Each stream stays with those of its symbols that are still followed; new ones go where there is room, else into a new stream.
function groupSymbols(
  streams: Iterable<QuoteStream>,
  followed: ReadonlySet<string>,
  isolated: ReadonlySet<string>,
): Group[] {
  const groups: Group[] = [];
  for (const stream of streams) {
    groups.push({ stream, symbols: [...stream.symbols].filter((symbol) => followed.has(symbol)) });
  }
  const served = new Set(groups.flatMap(({ symbols }) => symbols));
  const hasRoom = ({ symbols }: Group) =>
    symbols.length < symbolsPerStreamMax && !symbols.some((symbol) => isolated.has(symbol));
  for (const symbol of followed) {
    if (served.has(symbol)) continue;
    const group = isolated.has(symbol) ? undefined : groups.find(hasRoom);
    if (group === undefined) groups.push({ stream: undefined, symbols: [symbol] });
    else group.symbols.push(symbol);
  }
  return groups;
}

function isSame(a: ReadonlySet<string>, b: readonly string[]): boolean {
  return a.size === b.length && b.every((symbol) => a.has(symbol));
}
