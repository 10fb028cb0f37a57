import { ListType, Side, TradingState } from '../../engine/model/codes.ts';
import { type Command, type Listing, noBreaker } from '../../engine/model/commands.ts';
import type { CaseStep } from './case-file.ts';
import { type CaseNames, caseStartMs, defaultSymbol } from './case-names.ts';
import { LineWords } from './line-words.ts';
import { isOrderLine, parseOrder } from './order-line.ts';

type Options = {
  key: string;
  account: string;
  symbol: string;
  side: Side | 0;
  born: number | undefined;
  rev: number | undefined;
  stop: number;
  trailTicks: number;
  trailBps: number;
  until: number;
};

const listTypes: Record<string, ListType> = { oco: ListType.OCO, oto: ListType.OTO, bracket: ListType.BRACKET };

/** The terms of ACME in a case without a list command: reference price 100, no band, no breaker. */
export const defaultListing: Listing = {
  ...{ symbol: defaultSymbol, tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 0, referencePriceTicks: 100 },
  ...noBreaker,
};

/**
 * The command of a step: an order (`order-line.ts`), or
 *
 *     oco | oto | bracket L1                       its orders follow, one a line, with `>>`
 *     cancel b1 [by mallory]                       by default the order's owner; everywhere: `as key`, `in BETA`
 *     replace b1 10@101 [rev 1] [stop 95]          `rev`: default the revision in the last event
 *       [trail 5 | trail 500bps] [until 1h]
 *     cancel-all [of account] [in ACME] [side buy]
 *     void b1 [born 1h]
 *     list ACME [ref 100] [band 500] [breaker 500 halt 5s auction 3s]
 *     state halted [in BETA]
 *     split 2:1 [in BETA]
 *     keepalive S bob 5s
 *     time
 */
export function parseCommand(step: CaseStep, names: CaseNames): Command {
  if (isOrderLine(step.command)) return parseOrder(step.command, names);
  const words = new LineWords(step.command);
  const verb = words.next();
  const type = listTypes[verb];
  if (type) {
    const orders = step.orders.map((line) => parseOrder(line, names));
    return { kind: 'submitList', listId: names.idOf(words.next()).id, type, orders };
  }
  if (verb === 'time') return { kind: 'time' };
  if (verb === 'list') return { kind: 'list', listing: readListing(words) };
  if (verb === 'keepalive') {
    const [sessionId, accountId] = [words.next(), words.next()];
    return { kind: 'keepAlive', sessionId, accountId, ttlMs: words.nextMs() };
  }
  if (verb === 'cancel' || verb === 'replace' || verb === 'void') return readOrderCommand(verb, words, step, names);
  return readBookCommand(verb, words, step);
}

function readOrderCommand(
  kind: 'cancel' | 'replace' | 'void',
  words: LineWords,
  step: CaseStep,
  names: CaseNames,
): Command {
  const name = words.next();
  const [quantityLots, priceTicks] = kind === 'replace' ? words.nextPair('@') : [0, 0];
  const options = readOptions(words, step);
  const { id: orderId, timeMs: idTimeMs } = names.idOf(name, options.born);
  const accountId = options.account || (names.accountOf(orderId) ?? 'unknown');
  const symbol = options.symbol || names.symbolOf(orderId);
  if (kind === 'void') return { kind, orderId, idTimeMs, accountId, symbol };
  const order = { commandId: options.key, orderId, accountId, symbol };
  if (kind === 'cancel') return { kind, ...order };
  const expectedRevision = options.rev ?? names.revisionOf(orderId);
  const { stop: stopPriceTicks, trailTicks, trailBps, until: expireTimeMs } = options;
  const more = { stopPriceTicks, trailTicks, trailBps, expireTimeMs };
  return { kind, ...order, expectedRevision, priceTicks, quantityLots, ...more };
}

function readBookCommand(verb: string, words: LineWords, step: CaseStep): Command {
  if (verb === 'cancel-all') {
    const { key: commandId, account: accountId, symbol, side } = readOptions(words, step);
    return { kind: 'cancelAll', commandId, accountId, symbol, side };
  }
  if (verb === 'state') {
    const state = TradingState[words.next().toUpperCase().replaceAll('-', '_') as keyof typeof TradingState];
    const { key: commandId, symbol } = readOptions(words, step);
    return { kind: 'setState', commandId, symbol: symbol || defaultSymbol, state: state ?? words.fail('state') };
  }
  if (verb !== 'split') return words.fail(verb);
  const [numerator, denominator] = words.nextPair(':');
  const { key: commandId, symbol } = readOptions(words, step);
  return { kind: 'split', commandId, symbol: symbol || defaultSymbol, numerator, denominator };
}

function readOptions(words: LineWords, step: CaseStep): Options {
  const options: Options = {
    ...{
      key: `line-${step.line}`,
      account: '',
      symbol: '',
      operator: false,
      side: 0,
      born: undefined,
      rev: undefined,
      stop: 0,
      trailTicks: 0,
      trailBps: 0,
      until: 0,
    },
  };
  while (words.more) {
    const word = words.next();
    if (word === 'as') options.key = words.next();
    else if (word === 'by' || word === 'of') options.account = words.next();
    else if (word === 'in') options.symbol = words.next();
    else if (word === 'side') options.side = words.next() === 'buy' ? Side.BUY : Side.SELL;
    else if (word === 'born') options.born = caseStartMs + words.nextMs();
    else if (word === 'rev') options.rev = words.nextNumber();
    else if (word === 'stop') options.stop = words.nextNumber();
    else if (word === 'trail') Object.assign(options, words.nextTrail());
    else if (word === 'until') options.until = caseStartMs + words.nextMs();
    else words.fail(word);
  }
  return options;
}

function readListing(words: LineWords): Listing {
  const listing = { ...defaultListing, symbol: words.next(), referencePriceTicks: 0 };
  while (words.more) {
    const word = words.next();
    if (word === 'ref') listing.referencePriceTicks = words.nextNumber();
    else if (word === 'band') listing.bandBps = words.nextNumber();
    else if (word === 'breaker') Object.assign(listing, { breakerBps: words.nextNumber() });
    else if (word === 'halt') Object.assign(listing, { breakerHaltMs: words.nextMs() });
    else if (word === 'auction') Object.assign(listing, { breakerAuctionMs: words.nextMs() });
    else words.fail(word);
  }
  return listing;
}
