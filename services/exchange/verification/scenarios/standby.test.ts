import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { followFeed } from '#platform/feed/follow-feed.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import type { Peers } from '../../replication/peers.ts';
import { PendingCalls } from '../../replication/pending-calls.ts';
import { createOperator, type Operator } from '../../testing/operator.ts';
import { acme, newOrder, readFeed } from '../../testing/requests.ts';
import { type ExchangeSettings, startExchange, type TestExchange } from '../../testing/running-exchange.ts';
import { silentLogger } from '../../testing/terms.ts';

let database: TestDatabase;
let operator: Operator;
let settings: ExchangeSettings;
let call: { userToken: string; timeoutMs: number };
let active: TestExchange;
let standby: TestExchange;

beforeEach(async () => {
  database = await createTestDatabase();
  operator = await createOperator();
  // So long that nothing here happens because a lease ran out.
  settings = { leaseTtlMs: 60_000, userAddress: operator.userAddress };
  call = { userToken: operator.token, timeoutMs: 15_000 };
  active = await startExchange(database.url, settings);
  await active.exchange.served;
  standby = await startExchange(database.url, settings);
  await standby.exchange.built;
});

afterEach(async () => {
  await standby[Symbol.asyncDispose]();
  await active[Symbol.asyncDispose]();
  await operator[Symbol.asyncDispose]();
  await database.drop();
});

const replicaOf = ({ exchange }: TestExchange, shard = 0) => {
  const replica = exchange.deps.replicas.get(shard);
  if (!replica) throw new Error('no such shard');
  return replica;
};

type Resume = ReturnType<Peers['standbyClient']>['resume'];

/** Replaces the call by which the active hands the shard over. */
function replaceResume(replacementOf: (resume: Resume) => Resume): void {
  const { peers } = active.exchange.deps;
  const standbyClient = peers.standbyClient.bind(peers);
  vi.spyOn(peers, 'standbyClient').mockImplementation((address) => {
    const client = standbyClient(address);
    return Object.assign(client, { resume: replacementOf(client.resume) });
  });
}

/** Resolves when the standby has carried out all that the active has committed. */
const untilCaughtUp = () => eventually(() => expect(replicaOf(standby).progress()).toMatchObject(activeProgress()));
const activeProgress = () => {
  const { groupNumber, sequence, stateHash } = replicaOf(active).progress();
  return { groupNumber, sequence, stateHash };
};

describe('a standby', () => {
  it('follows the journal and reaches the same state after each group', async () => {
    await active.market.listSymbol({ listing: acme });
    for (let i = 0; i < 20; i++) await active.order.submit({ orders: [newOrder('buy'), newOrder('sell')] });
    await untilCaughtUp();
    expect(replicaOf(standby).state).toBe('following');
    expect([active.isReady(), standby.isReady()]).toEqual([true, true]);
  });

  it('forwards every kind of call to the process that serves the shard', async () => {
    const { result } = await standby.market.listSymbol({ listing: acme });
    expect(result?.reason).toBe(ErrorReason.UNSPECIFIED);
    const order = newOrder('buy');
    const { results } = await standby.order.submit({ orders: [order, newOrder('buy', { priceTicks: -1n })] });
    expect(results.map(({ reason }) => reason)).toEqual([ErrorReason.UNSPECIFIED, ErrorReason.INVALID_FIELD]);
    const item = { commandId: uuidV7(), orderId: order.orderId, accountId: 'buyer', symbol: 'ACME' };
    expect((await standby.order.cancel({ items: [item] })).results[0]?.reason).toBe(ErrorReason.UNSPECIFIED);
    const halt = { commandId: uuidV7(), symbol: 'ACME', state: TradingState.HALTED };
    expect((await standby.market.setTradingState(halt)).result?.reason).toBe(ErrorReason.UNSPECIFIED);
    const shard = await standby.order.getShard({ shard: 0 });
    expect(shard).toEqual(await active.order.getShard({ shard: 0 }));
    expect(await standby.feed.getBooks({ shard: 0 })).toEqual(await active.feed.getBooks({ shard: 0 }));
    const feed = await readFeed(standby, 0n, shard.headSequence);
    expect(feed).toEqual(await readFeed(active, 0n, shard.headSequence));
    expect(replicaOf(standby).state).toBe('following');
  });

  it('forwards refusals unchanged', async () => {
    const late = standby.feed.follow({ shard: 0, afterSequence: 1_000n })[Symbol.asyncIterator]();
    await expect(late.next()).rejects.toMatchObject({
      code: Code.OUT_OF_RANGE,
      reason: ErrorReason.FEED_POSITION_UNKNOWN,
    });
    await expect(standby.order.getShard({ shard: 7 })).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });

  it('does not forward a forwarded call', async () => {
    const refusal = { code: Code.UNAVAILABLE, reason: ErrorReason.NOT_THE_SHARD_HOLDER };
    await expect(standby.asExchange.getShard({ shard: 0 }, { timeoutMs: 1_000 })).rejects.toMatchObject(refusal);
    expect((await active.asExchange.getShard({ shard: 0 })).shard).toBe(0);
  });

  it('takes over when the leader ends, and continues with the same state', async () => {
    await active.market.listSymbol({ listing: acme });
    await active.order.submit({ orders: [newOrder('buy')] });
    const before = await active.order.getShard({ shard: 0 });
    await active[Symbol.asyncDispose]();
    expect(await standby.order.getShard({ shard: 0 })).toEqual(before);
    expect(replicaOf(standby).state).toBe('serving');
  });

  it('that finds a group which its own state does not lead to ends with the name of the row', async () => {
    await active.market.listSymbol({ listing: acme });
    await untilCaughtUp();
    await using db = openDatabase({ url: database.url, applicationName: 'test', logger: silentLogger });
    await db.query(
      `INSERT INTO journal SELECT shard, group_number + 1, first_sequence, last_sequence, time_ms, token, commands, events,
         state_hash, checksum FROM journal ORDER BY group_number DESC LIMIT 1`,
    );
    await expect(standby.exchange.ended).rejects.toThrow('journal row (shard 0, group 3) was altered');
  });
});

// Every bound of a handover may be used up on a busy machine.
describe('a handover', { timeout: 90_000 }, () => {
  it('goes through any process, to the address that is asked for, and back', async () => {
    await using third = await startExchange(database.url, settings);
    await third.exchange.built;
    await using admin = operator.connect(`127.0.0.1:${third.port}`);
    await eventually(async () => expect((await admin.getStandbys({ shard: 0 }, call)).standbys).toHaveLength(2));
    for (const target of [standby, third, active]) {
      const toAddress = `127.0.0.1:${target.port}`;
      expect(await admin.handover({ shard: 0, toAddress }, call)).toMatchObject({ toAddress });
      expect(replicaOf(target).state).toBe('serving');
      await eventually(async () => expect((await admin.getStandbys({ shard: 0 }, call)).standbys).toHaveLength(2));
    }
  });

  it('does not break the streams of followers: each event once', async () => {
    await using admin = operator.connect(`127.0.0.1:${standby.port}`);
    await active.market.listSymbol({ listing: acme });
    const seen: bigint[] = [];
    const stop = new AbortController();
    const following = followFeed({
      name: 'test',
      loadPosition: async () => seen.at(-1) ?? 0n,
      open: (afterSequence, signal) => standby.feed.follow({ shard: 0, afterSequence }, { signal }),
      apply: async ({ events }) => void seen.push(...events.map(({ sequence }) => sequence)),
      signal: stop.signal,
      logger: silentLogger,
    });
    for (let i = 0; i < 4; i++) {
      await active.order.submit({ orders: Array.from({ length: 10 }, () => newOrder('buy')) });
      await eventually(() => admin.handover({ shard: 0 }, call));
    }
    const { headSequence } = await active.order.getShard({ shard: 0 });
    await eventually(() => expect(seen.at(-1)).toBe(headSequence));
    stop.abort();
    await following;
    expect(seen).toEqual(seen.map((_, i) => BigInt(i + 1)));
  });

  it('is refused without a standby, and the leader goes on serving', async () => {
    await standby[Symbol.asyncDispose]();
    await using admin = operator.connect(`127.0.0.1:${active.port}`);
    const refusal = { code: Code.FAILED_PRECONDITION, reason: ErrorReason.HANDOVER_NOT_POSSIBLE };
    await expect(admin.handover({ shard: 0 }, call)).rejects.toMatchObject(refusal);
    expect((await active.market.listSymbol({ listing: acme })).result?.reason).toBe(ErrorReason.UNSPECIFIED);
    const here = { shard: 0, toAddress: `127.0.0.1:${active.port}` };
    expect((await admin.handover(here, call)).pauseMicros).toBe(0n);
  });

  it('whose answer does not come has succeeded when the standby took over', async () => {
    await active.market.listSymbol({ listing: acme });
    replaceResume((resume) => async (request) => {
      await resume(request);
      throw deadlineExceeded();
    });
    await using admin = operator.connect(`127.0.0.1:${active.port}`);
    await eventually(async () => expect((await admin.getStandbys({ shard: 0 }, call)).standbys).toHaveLength(1));
    const { sequence, stateHash } = replicaOf(active).progress();
    const toAddress = `127.0.0.1:${standby.port}`;
    const answer = await admin.handover({ shard: 0 }, call);
    expect(answer).toMatchObject({ toAddress, stateHash, headSequence: BigInt(sequence) });
    expect(replicaOf(standby).state).toBe('serving');
  });

  it('whose outcome is unknown ends the term, and the next holder of the lease serves', async () => {
    await active.market.listSymbol({ listing: acme });
    replaceResume(() => () => Promise.reject(deadlineExceeded()));
    await using admin = operator.connect(`127.0.0.1:${active.port}`);
    await eventually(async () => expect((await admin.getStandbys({ shard: 0 }, call)).standbys).toHaveLength(1));
    const term = replicaOf(active).term();
    await expect(admin.handover({ shard: 0 }, call)).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    expect(term.signal.aborted).toBe(true);
    const { results } = await active.order.submit({ orders: [newOrder('buy')] });
    expect(results[0]?.reason).toBe(ErrorReason.UNSPECIFIED);
  });

  it('is for operators', async () => {
    await using admin = operator.connect(`127.0.0.1:${active.port}`);
    await expect(admin.handover({ shard: 0 })).rejects.toMatchObject({ code: Code.UNAUTHENTICATED });
  });
});

describe('PendingCalls', () => {
  it('accept calls up to a bound of items, and refuse more at once', async () => {
    const pending = new PendingCalls(100);
    const replica = replicaOf(standby);
    const waiting = pending.wait(replica, 90, {});
    await expect(pending.wait(replica, 11, {})).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
    await waiting;
    expect(pending.items).toBe(0);
    const late = pending.wait(replica, 1, { deadlineTimeMs: Date.now() + 1 });
    await expect(late).rejects.toMatchObject({ reason: ErrorReason.NOT_THE_SHARD_HOLDER });
    const cancelled = pending.wait(replica, 1, { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: Code.CANCELLED });
  });
});
