import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdmissionState } from './admit-hold.ts';
import { type AmendRequest, amendHold } from './amend-hold.ts';
import { feeAccount } from './asset.ts';
import { BalanceSheet } from './balance-sheet.ts';
import type { ExchangeEvent } from './exchange-event.ts';
import { type Hold, type HoldTerms, heldAmount, heldAsset, unfilled } from './hold.ts';
import { settle } from './settle.ts';
import { Fraction } from './testing/fraction.ts';

const million = 1_000_000n;
const start = 2_000n * million;
const part = fc.bigInt({ min: 0n, max: million });

/** What happens next: by whom, and two numbers that say how much, as parts of a million. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('ask', 'ask', 'send', 'send', 'fill', 'fill', 'fill', 'shrink', 'settle', 'settle', 'cancel'),
    a: part,
    b: part,
    byMaker: fc.boolean(),
  }),
  { maxLength: 60 },
);
const market = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  bps: fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 })),
  tickLotMicros: fc.constantFrom(1n, 7n, 9_999n, 10_000n, 15_000n, 1_000_000n),
  lotMicros: fc.constantFrom(1n, 100n, 1_000_000n),
  lots: fc.bigInt({ min: 1n, max: 60n }),
  price: fc.bigInt({ min: 1n, max: 60n }),
});
type Market = typeof market extends fc.Arbitrary<infer M> ? M : never;
type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never;

function between(low: bigint, high: bigint, millionths: bigint): bigint {
  return low + ((high - low) * millionths) / million;
}

/**
 * One order on an exchange of its own, whose events the ledger settles later, and its owner who changes it: asked of the ledger first, sent to the
 * exchange some time afterwards. What the order must have cost is counted apart, by exact arithmetic.
 */
class Scene {
  readonly hold: Hold;
  readonly #counter: Hold;
  readonly #state: AdmissionState;
  readonly #market: Market;
  /** The exchange: the order as it is there, and its events that are not settled yet. */
  readonly #order: { lots: bigint; price: bigint; filled: bigint; revision: number; isLive: boolean };
  readonly #events: ExchangeEvent[] = [];
  #sequence = 0n;
  /** The owner: the change that is on its way, as it was asked of the ledger. */
  #asked: (AmendRequest & { revision: number }) | undefined;
  #numbers = 0;
  value = 0n;
  fee = new Fraction(0n);

  constructor(given: Market) {
    const { side, lots, price, bps, ...grid } = given;
    this.#market = given;
    const [makerBps, takerBps] = bps;
    const common = { symbol: 'ACME', ...grid, makerBps, takerBps };
    const sheet = new BalanceSheet();
    for (const accountId of ['me', 'you']) {
      sheet.credit({ accountId, asset: 'USD' }, start * million);
      sheet.credit({ accountId, asset: 'ACME' }, start * million);
    }
    // Poor enough that some changes are refused.
    const mine = side === 'buy' ? 'USD' : 'ACME';
    const spare = lots * (side === 'buy' ? 2n * price * grid.tickLotMicros : 2n * grid.lotMicros);
    sheet.hold({ accountId: 'me', asset: mine }, start * million);
    sheet.release({ accountId: 'me', asset: mine }, spare * 2n);
    this.#spent = { asset: mine, amount: start * million - spare * 2n };
    this.#state = { sheet, accounts: new Map([['me', 'active']]), incomingMicros: new Map() };
    this.hold = this.#open('me', { ...common, accountId: 'me', side, lots, priceTicks: price });
    const other = side === 'buy' ? 'sell' : 'buy';
    const all = { ...common, accountId: 'you', lots: 10_000n, priceTicks: other === 'buy' ? 1_000n : 1n };
    this.#counter = this.#open('you', { ...all, side: other });
    this.#order = { lots, price, filled: 0n, revision: 1, isLive: true };
  }

  readonly #spent: { asset: string; amount: bigint };

  #open(orderId: string, terms: HoldTerms): Hold {
    const amount = heldAmount(terms, unfilled);
    this.#state.sheet.hold({ accountId: terms.accountId, asset: heldAsset(terms) }, amount);
    return { orderId, state: 'open', terms, progress: unfilled, amount, revision: 0 };
  }

  take({ kind, a, b, byMaker }: Step): void {
    const { lots, price } = this.#market;
    if (kind === 'ask') this.#ask(between(1n, 3n * lots, a), between(1n, 3n * price, b));
    else if (kind === 'send') this.#send();
    else if (kind === 'fill') this.#fill(a, b, byMaker);
    else if (kind === 'shrink') this.#shrink(a);
    else if (kind === 'settle') this.settleSome(Number(between(0n, 4n, a)));
    // Seldom, so that most orders live long.
    else if (a < million / 4n) this.cancel();
  }

  #ask(lots: bigint, priceTicks: bigint): void {
    if (this.#asked !== undefined) return;
    this.#numbers += 1;
    const change = {
      orderId: 'me',
      accountId: 'me',
      number: this.#numbers,
      commandId: `c${this.#numbers}`,
      lots,
      priceTicks,
    };
    const request = { ...change, positionMaxMicros: undefined };
    const outcome = amendHold(this.hold, request, this.#state);
    if (outcome.kind === 'unsettled') this.#numbers -= 1;
    if (outcome.kind === 'held') this.#asked = { ...request, revision: this.#order.revision };
  }

  /** The exchange carries out the change, or refuses it. */
  #send(): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    this.#asked = undefined;
    const order = this.#order;
    const { commandId, lots, priceTicks } = asked;
    if (!order.isLive || asked.revision !== order.revision) {
      this.#emit({ kind: 'command-rejected', orderId: 'me', commandId });
    } else if (lots <= order.filled) this.cancel();
    else {
      Object.assign(order, { lots, price: priceTicks, revision: order.revision + 1 });
      this.#emit({ kind: 'replaced', orderId: 'me', priceTicks, lots, remainingLots: lots - order.filled, commandId });
    }
  }

  #fill(part: bigint, at: bigint, byMaker: boolean): void {
    const order = this.#order;
    if (!order.isLive) return;
    const { side, tickLotMicros, bps } = this.#market;
    const lots = between(1n, order.lots - order.filled, part);
    const priceTicks = side === 'buy' ? between(1n, order.price, at) : between(order.price, 200n, at);
    order.filled += lots;
    order.isLive = order.filled < order.lots;
    const me = { orderId: 'me', accountId: 'me', side, remainingLots: order.lots - order.filled };
    const counterLeft = this.#counterLots - lots;
    this.#counterLots = counterLeft;
    const you = { orderId: 'you', accountId: 'you', side: this.#counter.terms.side, remainingLots: counterLeft };
    const [maker, taker] = byMaker ? [me, you] : [you, me];
    this.#emit({ kind: 'traded', tradeId: String(this.#sequence), symbol: 'ACME', priceTicks, lots, maker, taker });
    const value = lots * priceTicks * tickLotMicros;
    this.value += value;
    this.fee = this.fee.plus(new Fraction(value).times(BigInt(byMaker ? bps[0] : bps[1]), 10_000n));
  }

  #counterLots = 10_000n;

  /** As self-trade prevention does. */
  #shrink(part: bigint): void {
    const order = this.#order;
    const left = order.lots - order.filled;
    if (!order.isLive || left < 2n) return;
    order.lots -= between(1n, left - 1n, part);
    order.revision += 1;
    const remainingLots = order.lots - order.filled;
    this.#emit({
      kind: 'replaced',
      orderId: 'me',
      priceTicks: order.price,
      lots: order.lots,
      remainingLots,
      commandId: '',
    });
  }

  cancel(): void {
    if (!this.#order.isLive) return;
    this.#order.isLive = false;
    this.#emit({ kind: 'ended', orderId: 'me' });
  }

  settleSome(count = Number.POSITIVE_INFINITY): void {
    const holds = new Map([
      ['me', this.hold],
      ['you', this.#counter],
    ]);
    settle(this.#events.splice(0, Math.min(count, this.#events.length)), {
      sheet: this.#state.sheet,
      holds,
      lists: new Map(),
    });
  }

  /** Lets what is on its way arrive. */
  finish(): void {
    this.#send();
    this.settleSome();
  }

  /** What the order holds and has paid, against what it should. */
  check(): void {
    const { side, lotMicros, tickLotMicros } = this.#market;
    const order = this.#order;
    const unit = tickLotMicros < 10_000n ? tickLotMicros : 10_000n;
    const fee = this.fee.ceil(unit);
    const charged = side === 'sell' && fee > this.value ? this.value : fee;
    const cash = this.#state.sheet.read({ accountId: 'me', asset: 'USD' });
    const shares = this.#state.sheet.read({ accountId: 'me', asset: 'ACME' });
    const sign = side === 'buy' ? -1n : 1n;
    expect(cash.available + cash.held).toBe(start * million + sign * this.value - charged);
    expect(shares.available + shares.held).toBe(start * million - sign * order.filled * lotMicros);
    const terms = { ...this.hold.terms, lots: order.lots, priceTicks: order.price };
    const needed = order.isLive ? heldAmount(terms, this.hold.progress) : 0n;
    expect(this.hold).toMatchObject({ amount: needed, state: order.isLive ? 'open' : 'settled' });
    const held = this.#spent.asset === 'USD' ? cash.held : shares.held;
    expect(held).toBe(this.#spent.amount + needed);
    expect(this.#state.sheet.read({ accountId: feeAccount, asset: 'USD' }).available >= charged).toBe(true);
  }

  #emit(event: DistributiveOmit<ExchangeEvent, 'sequence'>): void {
    this.#sequence += 1n;
    this.#events.push({ ...event, sequence: this.#sequence });
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

describe('an order that is changed at random while it trades', () => {
  it('costs what exact arithmetic says, never lacks what it needs, and leaves nothing held; 5,000 orders', () => {
    const property = fc.property(market, steps, (given, taken) => {
      const scene = new Scene(given);
      for (const step of taken) scene.take(step);
      scene.finish();
      scene.check();
      scene.cancel();
      scene.finish();
      scene.check();
      expect(scene.hold.amount).toBe(0n);
    });
    fc.assert(property, { numRuns: 5_000 });
  }, 120_000);
});
