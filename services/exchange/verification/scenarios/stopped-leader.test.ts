import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { type CuttingProxy, startCuttingProxy } from '../../testing/cutting-proxy.ts';
import { startProcess, untilBuilt, untilServing } from '../../testing/exchange-process.ts';
import { sendOrders } from '../../testing/load.ts';
import { acme, newOrder, readFeed } from '../../testing/requests.ts';
import { connectExchange } from '../../testing/running-exchange.ts';
import {
  createJournalDatabase,
  exercise,
  freshOrder,
  type JournalDatabase,
  startTestTerm,
} from '../../testing/terms.ts';

// Longer than what leases and looks at the journal send, shorter than a group of twenty orders.
const appendBytesMin = 1_000;

let journal: JournalDatabase;
let proxy: CuttingProxy;

beforeEach(async () => {
  journal = await createJournalDatabase();
  proxy = await startCuttingProxy(journal.url);
});

afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await journal[Symbol.asyncDispose]();
});

/**
 * Stops a leader in the middle of its append, takes the shard over, and lets it continue. Returns the outcome of its append and of the
 * new leader's next command.
 */
async function stopInTheMiddle(kind: 'fenced' | 'plain'): Promise<{ old: string; next: 'answered' | 'stepped down' }> {
  const first = await startTestTerm(journal.db);
  await exercise(first, 10);
  first.stop('the test stops it');
  const cut = proxy.cutNextOver(appendBytesMin);
  const script = fileURLToPath(new URL('../../testing/append-once.ts', import.meta.url));
  const child = spawn(process.execPath, [script, proxy.url, kind], { stdio: ['ignore', 'pipe', 'ignore'] });
  const output = text(child.stdout);
  await cut;
  child.kill('SIGSTOP');
  const next = await startTestTerm(journal.db);
  child.kill('SIGCONT');
  proxy.release();
  await once(child, 'exit');
  const answered = next.submit([freshOrder(500)]).then(
    () => 'answered' as const,
    () => 'stepped down' as const,
  );
  return { old: await output, next: await answered };
}

describe('a leader that is stopped in the middle of its append', () => {
  it('writes nothing when it wakes up after a takeover', { timeout: 40_000 }, async () => {
    expect(await stopInTheMiddle('fenced')).toEqual({ old: 'refused', next: 'answered' });
  });

  it('would write after a takeover if its insert were not fenced', { timeout: 40_000 }, async () => {
    expect(await stopInTheMiddle('plain')).toEqual({ old: 'written', next: 'stepped down' });
  });

  it('steps down, answers no read from memory, and follows the new leader', {
    timeout: 60_000,
  }, async () => {
    using old = await startProcess(proxy.url);
    await untilBuilt(old);
    using next = await startProcess(journal.url);
    await using oldClients = connectExchange(old.port);
    await using clients = connectExchange(next.port);
    await untilServing(oldClients);
    await oldClients.market.listSymbol({ listing: acme });
    await untilBuilt(next);
    const stop = new AbortController();
    const running = sendOrders(oldClients, { callers: 3, ordersPerCall: 20, timeoutMs: 20_000, signal: stop.signal });
    await pause(300);
    await proxy.cutNextOver(appendBytesMin);
    old.child.kill('SIGSTOP');
    const stopTimeMs = performance.now();
    const { results } = await clients.order.submit({ orders: [newOrder('buy')] }, { timeoutMs: 15_000 });
    expect(performance.now() - stopTimeMs).toBeLessThan(10_000);
    const head = results[0]?.feedSequence ?? 0n;
    stop.abort();
    old.child.kill('SIGCONT');
    const shard = await oldClients.order.getShard({ shard: 0 }, { timeoutMs: 15_000 });
    expect(shard.headSequence).toBeGreaterThanOrEqual(head);
    proxy.release();
    const seen = await running;
    expect(seen.failures).toEqual([]);
    await untilBuilt(old);
    const { headSequence } = await clients.order.getShard({ shard: 0 });
    const feed = await readFeed(oldClients, 0n, headSequence);
    expect(feed.map(({ sequence }) => sequence)).toEqual(feed.map((_, i) => BigInt(i + 1)));
    const accepted = feed.flatMap(({ event }) => (event.case === 'accepted' ? [event.value.order?.orderId] : []));
    expect(new Set(accepted).size).toBe(accepted.length);
    const known = new Set(accepted);
    expect(seen.acknowledged.filter((id) => !known.has(id))).toEqual([]);
  });
});
