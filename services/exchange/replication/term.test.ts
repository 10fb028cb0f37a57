import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { ruleVersion } from '../engine/engine.ts';
import { TradingState } from '../engine/model/codes.ts';
import type { Command } from '../engine/model/commands.ts';
import { listing } from '../engine/testing/driver.ts';
import { appendGroup } from '../store/append-group.ts';
import { takeOver } from '../store/take-over.ts';
import { startExchange } from '../testing/running-exchange.ts';
import {
  createJournalDatabase,
  freshOrder,
  type JournalDatabase,
  startTestTerm,
  testReplica,
} from '../testing/terms.ts';
import { FencedError } from './errors.ts';
import { Matcher } from './matcher.ts';
import { recover } from './recover.ts';

let journal: JournalDatabase;

beforeEach(async () => {
  journal = await createJournalDatabase();
});

afterEach(async () => {
  await journal[Symbol.asyncDispose]();
});

const rows = async () => (await journal.db.query('SELECT FROM journal')).rowCount;

/** Lets a holder under rule version 2 open ACME for orders, and take two of which more is bid than asked. */
async function appendEarlierRules(db: JournalDatabase['db']): Promise<void> {
  const { token } = await takeOver(db, 0, testReplica);
  const matcher = new Matcher(await recover(db, 0), { shard: 0, token, capture: () => undefined });
  const bid = { ...freshOrder(0), priceTicks: 105, quantityLots: 15 };
  const ask = { ...freshOrder(1), priceTicks: 95, quantityLots: 10 };
  const first: Command[] = [
    { kind: 'rules', version: 2 },
    { kind: 'list', listing: listing() },
  ];
  const preOpen: Command = { kind: 'setState', commandId: 'pre', symbol: 'ACME', state: TradingState.PRE_OPEN };
  for (const commands of [first, [preOpen, bid, ask]]) {
    const { group } = matcher.match(commands, Date.now());
    if (!group || !(await appendGroup(db, group.journal))) throw new Error('a group was not written');
  }
}

describe('Term', () => {
  it('journals its rule version first', async () => {
    const term = await startTestTerm(journal.db);
    expect(await rows()).toBe(1);
    term.stop('the test stops it');
    await startTestTerm(journal.db);
    expect(await rows()).toBe(1);
  });

  it('sets the rules of this release with its first group on a shard of earlier rules', async () => {
    await appendEarlierRules(journal.db);
    const term = await startTestTerm(journal.db);
    expect(await rows()).toBe(3);
    await term.submit([{ kind: 'setState', commandId: 'open', symbol: 'ACME', state: TradingState.CONTINUOUS }]);
    term.stop('the test stops it');
    const { engine } = await recover(journal.db, 0);
    expect(engine.state.ruleVersion).toBe(ruleVersion);
    // All surplus is bid: under rule version 2 the price would be the reference.
    expect(engine.state.books[0]?.lastPrice).toBe(105);
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
