import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { CandleSchema, SnapshotSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { MessageSchema } from '#gen/outcry/notification/v1/notification_pb.ts';
import { renderCsv } from './csv.ts';

describe('renderCsv', () => {
  it('has the names of the fields first, and every field of each row', () => {
    const candle = { symbol: 'ACME', startTime: timestampFromMs(0), open: '1.00', close: '2.00', tradeCount: 7n };
    expect(renderCsv(CandleSchema, [create(CandleSchema, candle)]).split('\r\n')).toEqual([
      'symbol,startTime,open,high,low,close,volume,tradeCount,interval,vwap,multiple',
      'ACME,1970-01-01T00:00:00Z,1.00,,,2.00,,7,CANDLE_INTERVAL_UNSPECIFIED,,0',
    ]);
    expect(renderCsv(CandleSchema, []).split('\r\n')).toHaveLength(1);
  });

  it('has the fields of messages within as columns, empty where the message is not there', () => {
    const [head = '', row = ''] = renderCsv(SnapshotSchema, [
      create(SnapshotSchema, { symbol: 'ACME', quote: { lastPrice: '1.05' } }),
    ]).split('\r\n');
    const columns = head.split(',');
    expect(columns).toContain('dayCandle.vwap');
    const cells = row.split(',');
    expect(cells).toHaveLength(columns.length);
    expect(cells[columns.indexOf('quote.lastPrice')]).toBe('1.05');
    expect(cells[columns.indexOf('lastTrade.price')]).toBe('');
  });

  it('quotes what has commas, quotes and lists in it, and shows control characters as escapes', () => {
    const row = create(MessageSchema, { subject: 'He said "sold", and left\r\n' });
    const text = renderCsv(MessageSchema, [row]);
    expect(text.split('\r\n')).toHaveLength(2);
    expect(text).toContain('"He said ""sold"", and left');
  });
});
