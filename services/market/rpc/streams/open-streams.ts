/** The open streams that a client has named, so that it can change their symbols. */
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import type { MessageSource, SourceOpener } from '#platform/stream/serve-stream.ts';

/** A source whose symbols can be changed. */
export type SymbolSource<M> = MessageSource<M> & {
  /** What is added is sent as it is now; what is left out ends. */
  setSymbols(symbols: readonly string[]): void;
  /** How far its reader has come; without it, as far as the view. */
  positions?(): SymbolPosition[];
};

/** A stream as ChangeStream sees it. */
export type OpenStream = {
  /** Symbols that it may have at most. */
  readonly symbolsMax: number;
  setSymbols(symbols: readonly string[]): void;
};

/** The streams by id. Of two with one id the newer counts; as many as streams are open. */
export type OpenStreams = Map<string, OpenStream>;

/** The opener, whose source is found under the id as long as it is open; an empty id names none. */
export function named<M>(
  streams: OpenStreams,
  id: string,
  open: (wake: () => void) => SymbolSource<M>,
  options: { symbolsMax: number; onChange: (symbols: readonly string[]) => void },
): SourceOpener<M> {
  if (id === '') return open;
  return (wake) => {
    const source = open(wake);
    const stream: OpenStream = {
      symbolsMax: options.symbolsMax,
      setSymbols(symbols) {
        options.onChange(symbols);
        source.setSymbols(symbols);
      },
    };
    streams.set(id, stream);
    return {
      take: () => source.take(),
      [Symbol.dispose]() {
        if (streams.get(id) === stream) streams.delete(id);
        source[Symbol.dispose]();
      },
    };
  };
}
