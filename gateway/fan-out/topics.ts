/** The topics that somebody listens to, or did a moment ago. */
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { unlessAborted } from '#platform/time/within.ts';
import type { Subscription } from './kinds.ts';
import { Topic } from './topic.ts';
import type { OpenUpstream, TopicKey, TopicTimes } from './upstream.ts';

/** Topics, each opened once. */
export type Topics = Disposable & {
  /** The topic, which the caller holds until it gives it back; undefined: there are as many as there may be. */
  take(key: TopicKey, after: SymbolPosition | undefined): Topic | undefined;
  giveBack(topic: Topic): void;
  readonly size: number;
};

/** Topics at once: streams at the market that a gateway has open. Beyond it a stream is forwarded by itself. */
const topicsMax = 800;
/** How long a topic without a listener is followed on: a reader that reloads finds it. */
const lingerMs = 5_000;

type Held = { topic: Topic; holders: number; linger: Timer | undefined };

/** No topics yet. */
export function createTopics(open: OpenUpstream, times: TopicTimes): Topics {
  const held = new Map<string, Held>();
  const nameOf = ({ kind, terms, symbol }: TopicKey) =>
    `${kind.name} ${symbol} ${terms.levels ?? ''} ${terms.interval ?? ''}`;
  const close = (name: string, entry: Held) => {
    entry.topic.close();
    if (held.get(name) === entry) held.delete(name);
  };
  return {
    take(key, after) {
      const name = nameOf(key);
      let entry = held.get(name);
      if (entry?.topic.isClosed) {
        held.delete(name);
        entry = undefined;
      }
      if (entry === undefined) {
        if (held.size >= topicsMax) return undefined;
        entry = { topic: new Topic(key, open, times), holders: 0, linger: undefined };
        held.set(name, entry);
        entry.topic.start(after);
      }
      entry.holders += 1;
      entry.linger?.[Symbol.dispose]();
      return entry.topic;
    },
    giveBack(topic) {
      const name = nameOf(topic.key);
      const entry = held.get(name);
      if (entry?.topic !== topic) return;
      entry.holders -= 1;
      if (entry.holders > 0) return;
      const known = entry;
      entry.linger = startTimer(topic.isClosed ? 0 : lingerMs, () => {
        if (known.holders === 0) close(name, known);
      }).unref();
    },
    get size() {
      return held.size;
    },
    [Symbol.dispose]() {
      for (const [name, entry] of held) {
        entry.linger?.[Symbol.dispose]();
        close(name, entry);
      }
    },
  };
}

/**
 * The topics of all symbols, once each has its first state; undefined: there are too many. Rejects with what the market refuses one with,
 * and when the signal aborts.
 */
export async function takeAll(
  topics: Topics,
  { kind, terms, symbols, positions }: Subscription,
  signal: AbortSignal,
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
    await unlessAborted(signal, Promise.all(taken.map(({ started }) => started)));
    return taken;
  } catch (error) {
    giveBack();
    throw error;
  }
}
