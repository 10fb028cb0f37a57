import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { listing } from '../engine/testing/driver.ts';
import { startExchange } from '../testing/running-exchange.ts';
import { createJournalDatabase, freshOrder, type JournalDatabase, startTestTerm } from '../testing/terms.ts';
import { FencedError } from './errors.ts';

let journal: JournalDatabase;

beforeEach(async () => {
  journal = await createJournalDatabase();
});

afterEach(async () => {
  await journal[Symbol.asyncDispose]();
});

const rows = async () => (await journal.db.query('SELECT FROM journal')).rowCount;

describe('Term', () => {
  it('journals its rule version first', async () => {
    const term = await startTestTerm(journal.db);
    expect(await rows()).toBe(1);
    term.stop('the test stops it');
    await startTestTerm(journal.db);
    expect(await rows()).toBe(1);
  });

  it('answers nothing and steps down once another process has taken the shard over', async () => {
    const old = await startTestTerm(journal.db);
    await old.submit([{ kind: 'list', listing: listing() }]);
    const sequence = old.head().sequence;
    const next = await startTestTerm(journal.db);
    const late = old.submit([freshOrder(1)]);
    await expect(late).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: ErrorReason.NOT_THE_SHARD_HOLDER });
    expect(old.signal.reason).toBeInstanceOf(FencedError);
    expect(old.head().sequence).toBe(sequence);
    expect((await next.submit([freshOrder(1)]))[0]).toMatchObject({ effective: true, accepted: true });
    await expect(old.submit([freshOrder(2)])).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  });

  it('preserves the order of calls over many groups, and refuses calls beyond the queue', async () => {
    const term = await startTestTerm(journal.db, { queueLengthMax: 50, groupCommandsMax: 7 });
    await term.submit([{ kind: 'list', listing: listing() }]);
    const calls = Array.from({ length: 60 }, (_, i) => term.submit([freshOrder(i)]));
    const settled = await Promise.allSettled(calls);
    const refused = settled.flatMap((call) => (call.status === 'rejected' ? [call.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 10 }, () => Code.RESOURCE_EXHAUSTED));
    const sequences = settled.flatMap((call) =>
      call.status === 'fulfilled' ? [call.value[0]?.feedSequence ?? 0] : [],
    );
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(await rows()).toBeGreaterThan(7);
  });

  it('does not start calls whose caller is gone', async () => {
    const term = await startTestTerm(journal.db);
    const gone = term.submit([{ kind: 'list', listing: listing() }], { signal: AbortSignal.abort() });
    await expect(gone).rejects.toMatchObject({ code: Code.CANCELLED });
    const late = term.submit([{ kind: 'list', listing: listing() }], { deadlineTimeMs: Date.now() - 1 });
    await expect(late).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    expect(term.listingOf('ACME')).toBeUndefined();
  });
});

describe('ShardReplica', () => {
  it('lets one of two processes serve, and the other one after it', async () => {
    const first = await startExchange(journal.url);
    await first.exchange.served;
    await using second = await startExchange(journal.url);
    await second.exchange.built;
    expect(second.exchange.deps.replicas.get(0)?.state).toBe('following');
    await first[Symbol.asyncDispose]();
    await second.exchange.served;
    expect((await second.order.getShard({ shard: 0 })).headSequence).toBe(0n);
  });

  it('takes the shard again after it was fenced off, and sees what the other one wrote', async () => {
    await using running = await startExchange(journal.url);
    await running.exchange.served;
    const other = await startTestTerm(journal.db);
    await other.submit([{ kind: 'list', listing: listing() }]);
    const request = { listing: { ...listing(), referencePriceTicks: 100n } };
    const { result } = await running.market.listSymbol(request, { timeoutMs: 8_000 });
    expect(result).toMatchObject({ reason: ErrorReason.UNSPECIFIED, key: 'ACME' });
    expect(other.head().sequence).toBe(2);
    expect((await running.order.getShard({ shard: 0 })).headSequence).toBe(2n);
  });
});
