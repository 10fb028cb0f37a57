import { OrderType, SelfTrade, Side, TimeInForce } from '../../engine/model/codes.ts';
import { plainTerms, type SubmitCommand } from '../../engine/model/commands.ts';
import { type CaseNames, caseStartMs, defaultSymbol } from './case-names.ts';
import { LineWords } from './line-words.ts';

type Terms = { -readonly [K in keyof SubmitCommand]: SubmitCommand[K] };

const types: Record<string, OrderType> = {
  new: OrderType.LIMIT,
  stop: OrderType.STOP,
  'stop-limit': OrderType.STOP_LIMIT,
  trail: OrderType.TRAILING_STOP,
  iceberg: OrderType.ICEBERG,
};

const timesInForce: Record<string, TimeInForce> = {
  gtc: TimeInForce.GTC,
  day: TimeInForce.DAY,
  gtd: TimeInForce.GTD,
  ioc: TimeInForce.IOC,
  fok: TimeInForce.FOK,
  'at-open': TimeInForce.AT_OPEN,
  'at-close': TimeInForce.AT_CLOSE,
};

const modes: Record<string, SelfTrade> = {
  newest: SelfTrade.CANCEL_NEWEST,
  oldest: SelfTrade.CANCEL_OLDEST,
  both: SelfTrade.CANCEL_BOTH,
  decrement: SelfTrade.DECREMENT,
};

/** Whether a line submits an order. */
export function isOrderLine(line: string): boolean {
  return (line.split(' ', 1)[0] as string) in types;
}

/**
 * An order; by default a GTC limit order of ACME:
 *
 *     new b1 bob buy 10@100          10 lots at 100; also `stop`, `stop-limit`, `trail`, `iceberg` (stops: 100 is the worst price)
 *       ioc  fok  day  at-open  at-close  gtd 1h        time in force; `gtd` from the case's start
 *       until 1h                                        from when on an `ioc` or `fok` does not enter
 *       at 95 | by 5 | by 500bps | show 3 | min 4       stop price, trail, display, minimum
 *       value 1005                                      lots x ticks that it trades at most
 *       post  slide  clip  group desk  newest  oldest  both  decrement  session S  in BETA  born 1h
 */
export function parseOrder(line: string, names: CaseNames): SubmitCommand {
  const words = new LineWords(line);
  const type = types[words.next()] ?? words.fail('order type');
  const name = words.next();
  const accountId = words.next();
  const side = { buy: Side.BUY, sell: Side.SELL }[words.next()] ?? words.fail('side');
  const [quantityLots, priceTicks] = words.nextPair('@');
  const terms: Terms = {
    ...{ kind: 'submit', ...plainTerms, type, orderId: '', idTimeMs: 0, accountId, symbol: defaultSymbol, side },
    ...{ timeInForce: TimeInForce.GTC, priceTicks, quantityLots, postOnly: false },
    ...{ selfTradeGroup: '', selfTrade: SelfTrade.CANCEL_NEWEST },
  };
  let bornMs = names.nowMs;
  while (words.more) {
    const word = words.next();
    if (word === 'born') bornMs = caseStartMs + words.nextMs();
    else readTerm(terms, word, words);
  }
  const { id, timeMs } = names.idOf(name, bornMs);
  return { ...terms, orderId: id, idTimeMs: timeMs };
}

function readTerm(terms: Terms, word: string, words: LineWords): void {
  const timeInForce = timesInForce[word];
  const mode = modes[word];
  if (timeInForce) terms.timeInForce = timeInForce;
  if (mode) terms.selfTrade = mode;
  if (word === 'gtd' || word === 'until') terms.expireTimeMs = caseStartMs + words.nextMs();
  else if (word === 'at') terms.stopPriceTicks = words.nextNumber();
  else if (word === 'by') Object.assign(terms, words.nextTrail());
  else if (word === 'show') terms.displayLots = words.nextNumber();
  else if (word === 'min') terms.minimumLots = words.nextNumber();
  else if (word === 'group') terms.selfTradeGroup = words.next();
  else if (word === 'session') terms.sessionId = words.next();
  else if (word === 'in') terms.symbol = words.next();
  else if (word === 'value') terms.valueMax = words.nextNumber();
  else if (word === 'clip') terms.withinBand = true;
  else if (word === 'post') terms.postOnly = true;
  else if (word === 'slide') terms.slide = terms.postOnly = true;
  else if (!timeInForce && !mode) words.fail(word);
}
