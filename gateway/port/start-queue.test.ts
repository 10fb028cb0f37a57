import { describe, expect, it } from 'vitest';
import { createStartQueue } from './start-queue.ts';

/** A queue whose processor time only the starts and other work use, and turns that the test runs. */
function createHarness(waitingMax = 10_000) {
  const started: string[] = [];
  const refused: string[] = [];
  const turns: (() => void)[] = [];
  let nowMs = 0;
  const queue = createStartQueue({ waitingMax, processorMs: () => nowMs, inNextTurn: (turn) => turns.push(turn) });
  const connections = new Map<string, object>();
  return {
    started,
    refused,
    /** `client` is `address/connection`. */
    push(client: string, options: { startMs?: number; isGone?: () => boolean } = {}): void {
      const { startMs = 0, isGone = () => false } = options;
      const connection = connections.get(client) ?? {};
      connections.set(client, connection);
      const [address = ''] = client.split('/');
      const start = () => {
        started.push(client);
        nowMs += startMs;
      };
      queue.push({ address, connection, isGone, start, refuse: () => refused.push(client) });
    },
    /** Runs one turn; the event loop does other work for `workMs` before it. */
    turn(workMs = 0): number {
      const before = started.length;
      nowMs += workMs;
      turns.shift()?.();
      return started.length - before;
    },
    get turns() {
      return turns.length;
    },
  };
}

describe('createStartQueue', () => {
  it('starts nothing in the turn in which it arrived, and nothing that is gone by then', () => {
    const { push, turn, started } = createHarness();
    let isGone = false;
    push('a/1', { isGone: () => isGone });
    push('a/1');
    expect(started).toEqual([]);
    isGone = true;
    expect(turn()).toBe(1);
  });

  it('gives each address its turn, and within an address each connection', () => {
    const { push, turn, started } = createHarness();
    for (let count = 0; count < 4; count++) push('a/1');
    for (let count = 0; count < 2; count++) push('a/2');
    for (let count = 0; count < 3; count++) push('b/1');
    turn();
    expect(started).toEqual(['a/1', 'b/1', 'a/2', 'b/1', 'a/1', 'b/1', 'a/2', 'a/1', 'a/1']);
  });

  it('lets a client that comes late wait for one call of a crowd, not for the crowd', () => {
    const { push, turn, started } = createHarness();
    for (let count = 0; count < 1_000; count++) push(`a/${count % 4}`, { startMs: 1 });
    turn();
    const crowd = started.length;
    push('b/1');
    turn();
    expect(started.indexOf('b/1') - crowd).toBeLessThanOrEqual(1);
  });

  it('ends a turn when its starts have taken their time', () => {
    const { push, turn } = createHarness();
    for (let count = 0; count < 10; count++) push('a/1', { startMs: 4 });
    expect(turn()).toBe(2);
  });

  it('starts fewer in a turn while turns are long, two at least, and more again when they are short', () => {
    const { push, turn } = createHarness();
    for (let count = 0; count < 5_000; count++) push('a/1');
    const first = turn();
    const whileLong = Array.from({ length: 8 }, () => turn(50));
    expect(whileLong.slice(0, 3)).toEqual([first / 2, first / 4, first / 8]);
    expect(whileLong.at(-1)).toBe(2);
    const whileShort = Array.from({ length: 100 }, () => turn(1));
    expect(whileShort.slice(0, 3)).toEqual([3, 4, 5]);
    expect(whileShort.at(-1)).toBe(first);
  });

  it('asks for one turn at a time, and for none when nothing waits', () => {
    const harness = createHarness();
    for (let count = 0; count < 200; count++) harness.push('a/1');
    while (harness.turns > 0) {
      expect(harness.turns).toBe(1);
      harness.turn();
    }
    expect(harness.started).toHaveLength(200);
    harness.push('a/1');
    expect(harness.turns).toBe(1);
  });

  it('refuses one of those who have the most waiting when too many wait, not one who comes late', () => {
    const { push, turn, started, refused } = createHarness(4);
    for (const client of ['a/1', 'a/2', 'a/1', 'a/1', 'b/1', 'a/2', 'b/1']) push(client);
    expect(refused).toEqual(['a/1', 'a/1', 'a/2']);
    turn();
    expect(started).toEqual(['a/1', 'b/1', 'a/2', 'b/1']);
  });
});
