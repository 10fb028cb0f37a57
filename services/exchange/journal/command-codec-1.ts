/** Command format 1 of earlier releases: plain limit orders, and books without a circuit breaker. It is only read, never written. */
import type { SelfTrade, Side, TimeInForce, TradingState } from '../engine/model/codes.ts';
import { type Command, noBreaker, plainChange, plainTerms } from '../engine/model/commands.ts';
import { uuidTimeMs } from '../engine/model/uuid.ts';
import type { ByteReader } from './byte-reader.ts';

/** The version byte before the commands. */
export const formatVersion = 1;

const kinds = ['submit', 'cancel', 'replace', 'cancelAll', 'void', 'list', 'setState', 'rules'] as const;

const key = new Uint32Array(4);

/** Reads the next command. Throws RangeError for an unknown kind. */
export function readCommand1(reader: ByteReader): Command {
  const kind = kinds[reader.byte()];
  switch (kind) {
    case 'submit': {
      const orderId = reader.uuid(key);
      const owner = { accountId: reader.name(), symbol: reader.name(), selfTradeGroup: reader.name() };
      const [side, timeInForce] = [reader.byte() as Side, reader.byte() as TimeInForce];
      const [selfTrade, postOnly] = [reader.byte() as SelfTrade, reader.byte() === 1];
      const codes = { side, timeInForce, selfTrade, postOnly };
      const size = { priceTicks: reader.varint(), quantityLots: reader.varint() };
      return { kind, orderId, idTimeMs: uuidTimeMs(key, 0), ...plainTerms, ...owner, ...codes, ...size };
    }
    case 'cancel':
      return { kind, ...readKeyed(reader) };
    case 'replace': {
      const keyed = readKeyed(reader);
      const [expectedRevision, priceTicks, quantityLots] = [reader.varint(), reader.varint(), reader.varint()];
      return { kind, ...keyed, expectedRevision, priceTicks, quantityLots, ...plainChange };
    }
    case 'cancelAll': {
      const [commandId, accountId, symbol] = [reader.text(), reader.name(), reader.name()];
      return { kind, commandId, accountId, symbol, side: reader.byte() as Side | 0 };
    }
    case 'void': {
      const orderId = reader.uuid(key);
      return { kind, orderId, idTimeMs: uuidTimeMs(key, 0), accountId: reader.name(), symbol: reader.name() };
    }
    case 'list': {
      const [symbol, tickSize, lotSize, currency] = [reader.text(), reader.text(), reader.text(), reader.text()];
      const [bandBps, referencePriceTicks] = [reader.varint(), reader.varint()];
      return { kind, listing: { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks, ...noBreaker } };
    }
    case 'setState':
      return { kind, commandId: reader.text(), symbol: reader.name(), state: reader.byte() as TradingState };
    case 'rules':
      return { kind, version: reader.varint() };
    default:
      throw new RangeError('a command is of a kind that is not known');
  }
}

function readKeyed(reader: ByteReader) {
  return { commandId: reader.text(), orderId: reader.text(), accountId: reader.name(), symbol: reader.name() };
}
