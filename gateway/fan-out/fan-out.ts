/** The streams of the market that the gateway serves itself: each symbol followed once, each message framed once, for all who listen. */
import { startInterval } from '#platform/time/timer.ts';
import { unlessAborted } from '#platform/time/within.ts';
import { Channel } from './channel.ts';
import type { Form } from './forms.ts';
import type { Subscription } from './kinds.ts';
import { Listener, type StreamOutput } from './listener.ts';
import { fillTrails, resume } from './resume.ts';
import { createTopics, takeAll } from './topics.ts';
import { defaultTopicTimes, type OpenUpstream, type TopicTimes } from './upstream.ts';

/** Times of streams, ms. */
export type FanOutTimes = TopicTimes & { heartbeatMs: number; ageMaxMs: number };

/** The defaults; the market has the same. */
export const defaultFanOutTimes: FanOutTimes = { ...defaultTopicTimes, heartbeatMs: 10_000, ageMaxMs: 15 * 60_000 };

/** What the fan-out is made of. */
export type FanOutOptions = {
  open: OpenUpstream;
  /** The symbols of a stream that names none. */
  firstSymbols: () => Promise<readonly string[]>;
  times: FanOutTimes;
  /** Counts messages that slow readers were not sent. */
  onConflated: (count: number) => void;
  drain: AbortSignal;
};

/** A stream to begin. */
export type JoinOptions = {
  subscription: Subscription;
  form: Form;
  output: StreamOutput;
  /** Unix ms. */
  endTimeMs: number;
  /** Aborts when the caller leaves before the stream has begun. */
  signal: AbortSignal;
};

/** All shared streams. */
export type FanOut = Disposable & {
  /**
   * Begins a stream; undefined: it cannot be shared, as there are too many topics, or no symbol. Rejects with what the market refuses a symbol
   * with, and when the caller leaves.
   */
  join(options: JoinOptions): Promise<Listener<Channel> | undefined>;
  leave(listener: Listener<Channel>, streamId: string): void;
  /** Sets the symbols of an open stream; undefined: there is none of that id here. Rejects with what the market refuses a symbol with. */
  change(streamId: string, symbols: readonly string[]): Promise<readonly string[] | undefined>;
  /** Streams and topics that are open. */
  counts(): { streams: number; topics: number };
};

const checkEveryMs = 250;

/** Starts with no streams. */
export function createFanOut(options: FanOutOptions): FanOut {
  const { times, drain } = options;
  const topics = createTopics(options.open, times);
  const channels = new Map<string, Channel>();
  const named = new Map<string, Listener<Channel>>();

  const openChannel = async (asked: Subscription, form: Form, signal: AbortSignal): Promise<Channel | undefined> => {
    const symbols = asked.symbols.length > 0 ? asked.symbols : await options.firstSymbols();
    if (symbols.length === 0) return undefined;
    const subscription = { ...asked, symbols };
    const { kind, terms } = subscription;
    const name = `${kind.name} ${form.index} ${terms.levels ?? ''} ${terms.interval ?? ''} ${symbols.join()}`;
    const known = channels.get(name);
    if (known?.topics.every(({ isLive, isClosed }) => isLive && !isClosed)) return known;
    const taken = await takeAll(topics, subscription, signal);
    if (taken === undefined) return undefined;
    const meanwhile = channels.get(name);
    if (meanwhile?.topics.every(({ isClosed }) => !isClosed)) {
      for (const topic of taken) topics.giveBack(topic);
      return meanwhile;
    }
    const channel = new Channel(name, { form, subscription, topics: taken, onConflated: options.onConflated });
    channels.set(name, channel);
    return channel;
  };

  const closeIfEmpty = (channel: Channel) => {
    if (channel.listeners.size > 0 || channel.joiningCount > 0) return;
    if (channels.get(channel.name) === channel) channels.delete(channel.name);
    channel.close();
    for (const topic of channel.topics) topics.giveBack(topic);
  };

  const endAll = () => {
    for (const channel of [...channels.values()]) {
      channel.flush();
      for (const listener of [...channel.listeners]) listener.end('shutdown');
      closeIfEmpty(channel);
    }
  };
  drain.addEventListener('abort', endAll, { once: true });

  const check = () => {
    const nowMs = Date.now();
    for (const channel of [...channels.values()]) {
      for (const listener of channel.listeners) if (nowMs >= listener.endTimeMs) listener.end('age');
      if (nowMs - channel.sentTimeMs >= times.heartbeatMs) channel.sendHeartbeat(nowMs);
      closeIfEmpty(channel);
    }
  };
  const checks = startInterval(Math.min(checkEveryMs, times.heartbeatMs / 2), check).unref();

  return {
    async join({ subscription, form, output, endTimeMs, signal }) {
      const channel = await openChannel(subscription, form, signal);
      if (channel === undefined) return undefined;
      channel.joiningCount += 1;
      try {
        if (subscription.kind.name === 'trades') {
          await unlessAborted(signal, fillTrails(channel, subscription.positions));
        }
      } finally {
        channel.joiningCount -= 1;
      }
      // What was delivered before is not new to this listener.
      channel.flush();
      const listener = new Listener<Channel>({ channel, output, endTimeMs });
      channel.listeners.add(listener);
      if (subscription.streamId !== '') named.set(subscription.streamId, listener);
      listener.write(channel.first());
      if (subscription.positions.size > 0) resume(channel, listener, subscription.positions);
      if (drain.aborted) listener.end('shutdown');
      return listener;
    },
    leave(listener, streamId) {
      if (named.get(streamId) === listener) named.delete(streamId);
      listener.leave();
      closeIfEmpty(listener.channel);
    },
    async change(streamId, symbols) {
      const listener = named.get(streamId);
      if (listener === undefined) return undefined;
      const from = listener.channel;
      const asked = { ...from.subscription, symbols: [...new Set(symbols)], positions: new Map() };
      const to = await openChannel(asked, from.form, drain);
      if (to === undefined || named.get(streamId) !== listener) return undefined;
      move(listener, to);
      closeIfEmpty(from);
      return asked.symbols;
    },
    counts: () => ({
      streams: [...channels.values()].reduce((sum, { listeners }) => sum + listeners.size, 0),
      topics: topics.size,
    }),
    [Symbol.dispose]() {
      checks[Symbol.dispose]();
      drain.removeEventListener('abort', endAll);
      topics[Symbol.dispose]();
    },
  };
}

/** Moves a listener to the channel of its new symbols; what is new is sent as it is now. */
function move(listener: Listener<Channel>, to: Channel): void {
  const from = listener.channel;
  from.flush();
  to.flush();
  const known = new Set(from.subscription.symbols);
  const behind = listener.backlog?.copyFor(new Set(to.subscription.symbols));
  listener.leave();
  listener.channel = to;
  listener.backlog = behind;
  if (behind !== undefined) to.adoptBacklog(behind);
  to.listeners.add(listener);
  if (to.subscription.kind.name === 'trades') return;
  const added = to.topics.filter(({ key }) => !known.has(key.symbol));
  const newest = added.map((topic) => topic.newest).filter((message) => message !== undefined);
  if (behind !== undefined) behind.hold(newest);
  else listener.write(Buffer.concat(newest.map((message) => message.frame(to.form))));
}
