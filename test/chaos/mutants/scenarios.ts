/** Short runs, each of which shows one kind of fault. On the right code each of them ends clean. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { redeliverEvents } from '../faults/redeliver.ts';
import { until, victimOf } from '../faults/victims.ts';
import type { Scenario, Stage } from './scenario.ts';
import { arm, goOn, oneStopped } from './stopping.ts';

const replicas = [0, 1];

/** Events come twice. */
export const redelivery: Scenario = (stage) =>
  stage.whileTrading({ ratePerSecond: 40 }, async () => {
    await sleep(3_000);
    await redeliverEvents(stage.target.system);
    await sleep(1_000);
  });

/** The bus does not answer, then its connections break. */
export const busBreaks: Scenario = (stage) =>
  stage.whileTrading({ ratePerSecond: 40 }, async () => {
    const links = ['order>bus', 'ledger>bus'].map((name) => linkOf(stage, name));
    for (let round = 0; round < 3; round++) {
      for (const link of links) link.freezeAll();
      await sleep(1_500);
      for (const link of links) link.reset();
      for (const link of links) link.thaw();
      await sleep(500);
    }
  });

/** The same deposits and withdrawals are sent again and again. */
export const repeatedTransfers: Scenario = async ({ client }) => {
  await client.transfer(0, 'deposit', '10.00');
  await client.transfer(0, 'withdraw', '5.00');
  for (const operation of [...client.operations]) {
    await Promise.all([client.repeat(operation), client.repeat(operation)]);
    await client.repeat(operation);
  }
};

/** The payment provider calls back three times for every payment. */
export const repeatedCallbacks: Scenario = async ({ client }) => {
  for (let round = 0; round < 5; round++) await client.transfer(1, 'deposit', '7.00');
  await sleep(1_500);
};

/** The process that settles dies between two statements, after each commit that has settled something. */
export const settlementDies: Scenario = (stage) =>
  stage.whileTrading({ ratePerSecond: 40, crossingOf1000: 600 }, async () => {
    for (let round = 0; round < 4; round++) {
      for (const replica of replicas)
        await stage.target.control
          .send(`ledger-${replica}`, { point: endsAt(stage, 'commit (?!.*feed_position).*\\bentry\\b.* after') })
          .catch(() => {});
      await sleep(2_000);
    }
  });

/**
 * The exchange is killed while its journal does not answer, and what it had sent is lost: no cancel that was answered may be undone. It is
 * killed as soon as it has answered one, or when it has answered none for a while, as is right.
 */
export const journalIsLost: Scenario = async (stage) => {
  const { client, market, target } = stage;
  const link = linkOf(stage, 'exchange>database');
  let answered = 0;
  target.control.onReport(({ point }) => {
    if (point === 'call /outcry.exchange.v1.ExchangeService/Cancel answered') answered += 1;
  });
  const [symbol] = market.symbols;
  const terms = { symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_LIMIT', quantity: '1', limitPrice: '80.00' };
  for (let round = 0; round < journalRounds; round++) {
    const orders = await Promise.all([0, 1, 2].map((user) => client.place(user, terms)));
    const victims = replicas.map((replica) => victimOf(target, `exchange-${replica}`));
    await Promise.all(victims.map((victim) => victim.untilReady()));
    link.freezeAll();
    const before = answered;
    const cancels = orders.map((order, user) => client.cancel(user, order?.orderId ?? ''));
    await until('a cancel is answered', answerWaitMs, async () => answered > before).catch(() => {});
    await Promise.all(victims.map((victim) => victim.end('SIGKILL')));
    link.reset();
    link.thaw();
    await Promise.all(cancels);
  }
};

const journalRounds = 3;
// Less than the lease of the exchange in these runs: a holder that has lost it answers nothing.
const answerWaitMs = 3_000;

/**
 * The process that writes the portfolio is stopped before a transaction until another has taken its place, then goes on with it. A trade that is
 * settled twice is refused by its holds; cash and positions have nothing but the fence.
 */
export const holderPauses: Scenario = (stage) =>
  stage.whileTrading({ ratePerSecond: 40, crossingOf1000: 600 }, async () => {
    // One of the two follows the ledger; the other one begins few transactions.
    for (const name of [...replicas, ...replicas].map((replica) => `portfolio-${replica}`)) {
      await arm(stage.target, name, '^transaction begins$');
      const isStopped = await oneStopped(stage.target, [name], holderWaitMs).catch(() => undefined);
      if (isStopped === undefined) await arm(stage.target, name, '');
      else await sleep(leaseMs + 2_500).finally(() => goOn(stage.target, name));
      await sleep(1_000);
    }
  });

// The consumer of a feed that is silent for so long is replaced.
const leaseMs = 3_000;
const holderWaitMs = 3_000;

/** An account at its limit sends orders again that were placed before. */
export const limitsAreReached: Scenario = async ({ client, market }) => {
  // The last user may have few open orders.
  const user = market.users.length - 1;
  const terms = (price: string) => ({
    ...{ symbol: market.symbols[0], side: 'SIDE_BUY', type: 'ORDER_TYPE_LIMIT', quantity: '1', limitPrice: price },
  });
  for (const price of ['90.00', '91.00', '92.00', '93.00', '94.00']) await client.place(user, terms(price));
  for (const operation of [...client.operations]) await client.repeat(operation);
  await client.cancelAll(user);
};

/** Those who settle die again and again, and take the feed up where they left it. */
export const settlementIsKilled: Scenario = (stage) =>
  stage.whileTrading({ ratePerSecond: 60, crossingOf1000: 600 }, async () => {
    for (let round = 0; round < 2; round++)
      for (const replica of replicas) {
        const victim = victimOf(stage.target, `ledger-${replica}`);
        await victim.untilReady();
        await victim.end('SIGKILL');
        await sleep(1_000);
      }
  });

function linkOf({ target }: Stage, name: string) {
  const link = target.links.proxies.get(name);
  if (link === undefined) throw new Error(`no connection is called ${name}`);
  return link;
}

function endsAt({ target }: Stage, pattern: string) {
  return { pattern, action: 'kill' as const, pids: [], file: join(target.folder, 'points.txt') };
}
