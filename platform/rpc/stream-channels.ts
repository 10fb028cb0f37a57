/**
 * Channels for the streams to one address. A connection carries a bounded number of streams at once (HTTP/2; a server and a sidecar allow 1,024), and
 * further calls on it wait without a word until their deadline: so streams have connections apart from unary calls, and as many as they need.
 */
import type { ChannelInterface } from '@grpc/grpc-js';

/** A stream's place on a channel. */
export type StreamPlace = { channel: ChannelInterface; release(): void };

/** The channels of the streams to one address. */
export type StreamChannels = {
  /** A place on a channel that has room; a new one when none has, up to `channelsMax`. Then the one with the fewest streams takes more. */
  take(): StreamPlace;
  close(): void;
};

/** Streams on one connection: below half of what its other end allows, so that balancing over few servers may be uneven. */
export const streamsPerChannelMax = 500;

/** Connections for streams to one address. */
export const streamChannelsMax = 64;

type Entry = { channel: ChannelInterface; streams: number };

/** Channels are opened by `open` when they are needed, and closed when they are empty, but for the last one. */
export function createStreamChannels(
  open: () => ChannelInterface,
  bounds: { perChannelMax?: number; channelsMax?: number } = {},
): StreamChannels {
  const { perChannelMax = streamsPerChannelMax, channelsMax = streamChannelsMax } = bounds;
  const entries = new Set<Entry>();
  const leave = (entry: Entry) => {
    entry.streams -= 1;
    if (entry.streams > 0 || entries.size === 1 || !entries.delete(entry)) return;
    entry.channel.close();
  };
  return {
    take() {
      const entry = choose(entries, perChannelMax, channelsMax) ?? add(entries, open());
      entry.streams += 1;
      let isReleased = false;
      return {
        channel: entry.channel,
        release() {
          if (!isReleased) leave(entry);
          isReleased = true;
        },
      };
    },
    close() {
      for (const { channel } of entries) channel.close();
      entries.clear();
    },
  };
}

// The fullest that has room, so that others may become empty.
function choose(entries: ReadonlySet<Entry>, perChannelMax: number, channelsMax: number): Entry | undefined {
  const byStreams = [...entries].toSorted((one, other) => other.streams - one.streams);
  const withRoom = byStreams.find(({ streams }) => streams < perChannelMax);
  return withRoom ?? (entries.size < channelsMax ? undefined : byStreams.at(-1));
}

function add(entries: Set<Entry>, channel: ChannelInterface): Entry {
  const entry = { channel, streams: 0 };
  entries.add(entry);
  return entry;
}
