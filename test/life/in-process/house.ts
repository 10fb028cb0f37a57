/** The ledger's decisions and the exchange's engine in one process, joined as the services are: by holds that come first, and by a feed that follows later. */
import {
  type Command,
  Engine,
  type EngineEvent,
  noBreaker,
  type Outcome,
  readEvents,
  ruleVersion,
  type SubmitCommand,
  type SubmitListCommand,
} from '../../../services/exchange/index.ts';
import {
  type AmendRequest,
  admitHold,
  admitList,
  amendHold,
  BalanceSheet,
  type ExchangeEvent,
  type Hold,
  type HoldTerms,
  isLeg,
  type LegHold,
  type ListHolds,
  type ListRole,
  newListHolds,
  settle,
  unfilled,
} from '../../../services/ledger/index.ts';

/** A tick is a cent and a lot is a share. */
export const tickLotMicros = 10_000n;
export const lotMicros = 1_000_000n;
export const startMs = 1_700_000_000_000;

/** What a user has at first, in micros, and pays in fees. */
export type Opening = { accountId: string; cash: bigint; shares: bigint; makerBps: number; takerBps: number };

/** An order for the book, with the cash that it may take when it is by amount. */
export type Asked = { command: SubmitCommand; amountMicros?: bigint };

/** Both, with what the feed has not brought to the ledger yet. */
export class House {
  readonly engine = new Engine();
  readonly sheet = new BalanceSheet();
  readonly holds = new Map<string, Hold>();
  readonly lists = new Map<string, ListHolds>();
  readonly #plans = new Map<string, { makerBps: number; takerBps: number }>();
  readonly #waiting: ExchangeEvent[] = [];
  readonly #onEvent: (event: EngineEvent) => void;
  #sequence = 0n;
  nowMs = startMs;

  /** Opens the books at 100.00 without a band. `onEvent` sees every event of the exchange as it happens. */
  constructor(
    { symbols, users }: { symbols: readonly string[]; users: readonly Opening[] },
    onEvent: (event: EngineEvent) => void,
  ) {
    this.#onEvent = onEvent;
    this.run({ kind: 'rules', version: ruleVersion });
    for (const symbol of symbols) {
      const grid = { tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 0, referencePriceTicks: 10_000 };
      this.run({ kind: 'list', listing: { symbol, ...grid, ...noBreaker } });
    }
    for (const { accountId, cash, shares, makerBps, takerBps } of users) {
      this.#plans.set(accountId, { makerBps, takerBps });
      this.sheet.credit({ accountId, asset: 'USD' }, cash);
      for (const asset of symbols) this.sheet.credit({ accountId, asset }, shares);
    }
  }

  /** Carries out a command of the exchange, and lets what is due by then happen before. */
  run(command: Command): Outcome {
    while (this.engine.nextDueMs <= this.nowMs) this.#group({ kind: 'time' });
    return this.#group(command);
  }

  /** Holds what the order can cost, then submits it; whether it was held. */
  place({ command, amountMicros }: Asked): boolean {
    const terms = { ...this.#termsOf(command), ...(amountMicros === undefined ? {} : { amountMicros }) };
    const request = { orderId: command.orderId, terms, positionMaxMicros: undefined };
    const decision = admitHold(request, this.#admission());
    if ('refusal' in decision) return false;
    const { amount } = decision;
    this.holds.set(command.orderId, {
      orderId: command.orderId,
      state: 'open',
      terms,
      progress: unfilled,
      amount,
      revision: 0,
    });
    this.run(command);
    return true;
  }

  /** The same for a list. */
  placeList(command: SubmitListCommand, roles: readonly ListRole[]): boolean {
    const legs = command.orders.map((order, index) => ({
      ...{ orderId: order.orderId, role: roles[index] as ListRole, positionMaxMicros: undefined },
      terms: this.#termsOf(order),
    }));
    const request = { listId: command.listId, legs };
    const decision = admitList(request, this.#admission());
    if ('refusal' in decision) return false;
    const holds = newListHolds(request, decision).filter(isLeg) as LegHold[];
    for (const hold of holds) this.holds.set(hold.orderId, hold);
    this.lists.set(command.listId, holds);
    this.run(command);
    return true;
  }

  /** Lets the hold of an order pay for a change of it; whether it does. */
  amend(request: AmendRequest): boolean {
    const hold = this.holds.get(request.orderId);
    if (hold === undefined) return false;
    const legs = isLeg(hold) ? this.lists.get(hold.leg.listId) : [];
    return amendHold(hold, request, this.#admission(), legs).kind === 'held';
  }

  /** Brings up to `count` events of the feed to the ledger. */
  settle(count = this.#waiting.length): void {
    settle(this.#waiting.splice(0, count), this);
  }

  get behind(): number {
    return this.#waiting.length;
  }

  #admission() {
    const accounts = new Map([...this.#plans.keys()].map((accountId) => [accountId, 'active' as const]));
    return { sheet: this.sheet, accounts, incomingMicros: new Map<string, bigint>() };
  }

  #termsOf({ accountId, symbol, side, quantityLots, priceTicks }: SubmitCommand): HoldTerms {
    const plan = this.#plans.get(accountId);
    if (plan === undefined) throw new Error(`${accountId} has no account`);
    return {
      ...{ accountId, symbol, side: sideOf(side), lots: BigInt(quantityLots), priceTicks: BigInt(priceTicks) },
      ...{ tickLotMicros, lotMicros, ...plan },
    };
  }

  #group(command: Command): Outcome {
    this.engine.beginGroup(this.nowMs);
    const outcome = this.engine.apply(command);
    const events = readEvents(this.engine.state, this.engine.effective);
    this.engine.endGroup();
    for (const event of events) {
      this.#onEvent(event);
      this.#sequence += 1n;
      const settled = toSettled(event, this.#sequence);
      if (settled) this.#waiting.push(settled);
    }
    return outcome;
  }
}

/** A side by its name. */
export function sideOf(side: SubmitCommand['side']): 'buy' | 'sell' {
  return side === 1 ? 'buy' : 'sell';
}

/** The event as the ledger takes it; undefined where it concerns no money. */
function toSettled(event: EngineEvent, sequence: bigint): ExchangeEvent | undefined {
  switch (event.kind) {
    case 'traded': {
      const { symbol, priceTicks, quantityLots } = event;
      const sides = { maker: tradedOf(event.maker), taker: tradedOf(event.taker) };
      const trade = { tradeId: `t${sequence}`, symbol, priceTicks: BigInt(priceTicks), lots: BigInt(quantityLots) };
      return { kind: 'traded', sequence, ...trade, ...sides };
    }
    case 'cancelled':
    case 'rejected':
      return { kind: 'ended', sequence, orderId: event.orderId };
    case 'replaced': {
      const { orderId, commandId } = event;
      const [priceTicks, lots] = [BigInt(event.priceTicks), BigInt(event.quantityLots)];
      return {
        kind: 'replaced',
        sequence,
        orderId,
        commandId,
        priceTicks,
        lots,
        remainingLots: BigInt(event.remainingLots),
      };
    }
    case 'commandRejected':
      return { kind: 'command-rejected', sequence, orderId: event.orderId, commandId: event.commandId };
    default:
      return undefined;
  }
}

function tradedOf(order: { orderId: string; accountId: string; side: SubmitCommand['side']; remainingLots: number }) {
  const { orderId, accountId, side, remainingLots } = order;
  return { orderId, accountId, side: sideOf(side), remainingLots: BigInt(remainingLots) };
}
