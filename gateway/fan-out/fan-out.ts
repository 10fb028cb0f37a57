/** The streams of the market that the gateway serves itself: each symbol followed once, each message framed once, for all who listen. */
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import { startInterval } from '#platform/time/timer.ts';
import { Channel } from './channel.ts';
import type { Form } from './forms.ts';
import type { Subscription } from './kinds.ts';
import { Listener, type StreamOutput } from './listener.ts';
import type { Topic } from './topic.ts';
import { createTopics, type Topics } from './topics.ts';
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
export type JoinOptions = { subscription: Subscription; form: Form; output: StreamOutput; endTimeMs: number };

/** All shared streams. */
export type FanOut = Disposable & {
  /** Begins a stream; undefined: it cannot be shared, as there are too many topics. Rejects with what the market refuses a symbol with. */
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

  const openChannel = async (asked: Subscription, form: Form): Promise<Channel | undefined> => {
    const symbols = asked.symbols.length > 0 ? asked.symbols : await options.firstSymbols();
    const subscription = { ...asked, symbols };
    const { kind, terms } = subscription;
    const name = `${kind.name} ${form.index} ${terms.levels ?? ''} ${terms.interval ?? ''} ${symbols.join()}`;
    const known = channels.get(name);
    if (known?.topics.every(({ isLive, isClosed }) => isLive && !isClosed)) return known;
    const taken = await takeTopics(topics, subscription);
    if (taken === undefined) return undefined;
    const meanwhile = channels.get(name);
    if (meanwhile?.topics.every(({ isClosed }) => !isClosed)) {
      for (const topic of taken) topics.giveBack(topic);
      return meanwhile;
    }
    const channel = new Channel(name, { form, subscription, topics: taken });
    channels.set(name, channel);
    return channel;
  };

  const closeIfEmpty = (channel: Channel) => {
    if (channel.listeners.size > 0) return;
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
    async join({ subscription, form, output, endTimeMs }) {
      const channel = await openChannel(subscription, form);
      if (channel === undefined) return undefined;
      if (subscription.kind.name === 'trades') await fillTrails(channel, subscription.positions);
      // What was delivered before is not new to this listener.
      channel.flush();
      const listener = new Listener<Channel>({ channel, output, endTimeMs, onConflated: options.onConflated });
      channel.listeners.add(listener);
      channels.set(channel.name, channel);
      if (subscription.streamId !== '') named.set(subscription.streamId, listener);
      listener.write(channel.first());
      if (subscription.positions.size > 0) resume(channel, listener, subscription.positions);
      if (drain.aborted) listener.end('shutdown');
      return listener;
    },
    leave(listener, streamId) {
      if (named.get(streamId) === listener) named.delete(streamId);
      listener.channel.listeners.delete(listener);
      closeIfEmpty(listener.channel);
    },
    async change(streamId, symbols) {
      const listener = named.get(streamId);
      if (listener === undefined) return undefined;
      const from = listener.channel;
      const asked = { ...from.subscription, symbols: [...new Set(symbols)], positions: new Map() };
      const to = await openChannel(asked, from.form);
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

/** The topics of all symbols, once each has its first state; undefined: there are too many. Rejects with what the market refuses one with. */
async function takeTopics(
  topics: Topics,
  { kind, terms, symbols, positions }: Subscription,
): Promise<Topic[] | undefined> {
  const taken: Topic[] = [];
  const giveBack = () => {
    for (const topic of taken) topics.giveBack(topic);
  };
  for (const symbol of symbols) {
    const topic = topics.take({ kind, terms, symbol }, positions.get(symbol));
    if (topic === undefined) {
      giveBack();
      return undefined;
    }
    taken.push(topic);
  }
  try {
    await Promise.all(taken.map(({ started }) => started));
    return taken;
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** Moves a listener to the channel of its new symbols; what is new is sent as it is now. */
function move(listener: Listener<Channel>, to: Channel): void {
  const from = listener.channel;
  from.flush();
  to.flush();
  const known = new Set(from.subscription.symbols);
  from.listeners.delete(listener);
  listener.channel = to;
  listener.dropOthers(new Set(to.subscription.symbols));
  to.listeners.add(listener);
  if (to.subscription.kind.name === 'trades') return;
  const added = to.topics.filter(({ key }) => !known.has(key.symbol));
  const newest = added.map((topic) => topic.newest).filter((message) => message !== undefined);
  if (listener.isBehind) listener.hold(newest);
  else listener.write(Buffer.concat(newest.map((message) => message.frame(to.form))));
}

/** Lets the trails of trades begin where the client's positions are, as far as the market can. */
async function fillTrails({ topics }: Channel, positions: ReadonlyMap<string, SymbolPosition>): Promise<void> {
  for (const topic of topics) {
    const after = positions.get(topic.key.symbol);
    if (after === undefined || after.epoch !== topic.position.epoch) continue;
    const isKnown = topic.trail !== undefined && after.sequence >= topic.trail.fromSequence;
    // A symbol that cannot be read again has a gap.
    if (!isKnown) await topic.fillBefore(after).catch(() => {});
  }
}

/** Sends what a resumed client has missed; then a heartbeat. Quotes, depth and candles are states and need nothing but a gap of candles. */
function resume(channel: Channel, listener: Listener<Channel>, positions: ReadonlyMap<string, SymbolPosition>): void {
  const { kind } = channel.subscription;
  if (kind.name !== 'trades' && kind.name !== 'candles') return;
  const frames: Buffer[] = [];
  for (const { key, position, trail } of channel.topics) {
    const after = positions.get(key.symbol);
    if (after === undefined) continue;
    if (kind.name === 'trades' && after.epoch === position.epoch && after.sequence > position.sequence) {
      listener.skipThrough(key.symbol, after.sequence);
    }
    const isSameEpoch = after.epoch === position.epoch;
    const missed = isSameEpoch ? trail?.after(after.sequence) : undefined;
    const isGap = kind.name === 'candles' ? !isSameEpoch || position.sequence > after.sequence : missed === undefined;
    if (isGap) frames.push(channel.own({ case: 'gap', value: { symbol: key.symbol } }).frame(channel.form));
    const trades = missed ?? (isSameEpoch ? trail?.trades : undefined) ?? [];
    for (const { shared } of trades) frames.push(shared.frame(channel.form));
  }
  if (kind.name === 'trades') frames.push(channel.heartbeat().frame(channel.form));
  listener.write(Buffer.concat(frames));
}
