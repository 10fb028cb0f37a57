import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageSchema } from '#gen/outcry/notification/v1/notification_pb.ts';
import { OrderStatus, OrderStatusSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { printable, printableJson } from './printable.ts';
import { createPrinter } from './printer.ts';
import { renderRecord, renderTable } from './table.ts';
import { enumWord } from './words.ts';

// The clear-screen sequence, an 8-bit CSI, a reversal of the reading direction, a line separator.
const hostile = 'a\u001b[2J\u009b1m\u202etxt\u2028b\r\n';
const moves = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('printable', () => {
  it('shows what would move a cursor or reorder a text as escapes', () => {
    expect(printable(hostile)).toBe('a\\x1b[2J\\x9b1m\\u{202e}txt\\u{2028}b\\x0d\\x0a');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(moves.test(printable(text))).toBe(false);
      }),
    );
  });
});

describe('printableJson', () => {
  it('has no such character, and parses to the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = printableJson({ text });
        expect(moves.test(json)).toBe(false);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});

describe('renderTable', () => {
  it('aligns words on the left and numbers on the right', () => {
    const rows = [
      { name: 'ACME', count: '5' },
      { name: 'B', count: '1200' },
    ];
    const table = renderTable(rows, [
      { title: 'NAME', value: ({ name }) => name },
      { title: 'COUNT', value: ({ count }) => count, isNumber: true },
    ]);
    expect(table).toBe(['NAME  COUNT', 'ACME      5', 'B      1200'].join('\n'));
  });

  it('keeps a row on one line, whatever the server sends, and cuts what is long', () => {
    const rows = [{ text: hostile }, { text: 'x'.repeat(500) }];
    const column = { title: 'T', value: ({ text }: { text: string }) => text };
    const lines = renderTable(rows, [column, { ...column, title: 'U' }]).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]?.length).toBe(60 + 2 + 500);
  });
});

describe('renderRecord', () => {
  it('leaves out what is empty, and indents further lines of a text', () => {
    expect(renderRecord([['text', 'one\r\ntwo']])).toBe('text  one\n      two');
    expect(
      renderRecord([
        ['a', '1'],
        ['long', ''],
        ['bc', '2'],
      ]),
    ).toBe('a   1\nbc  2');
  });
});

describe('enumWord', () => {
  it('is a word, or the number that a newer release sends', () => {
    expect(enumWord(OrderStatusSchema, OrderStatus.PARTIALLY_FILLED)).toBe('partially filled');
    expect(enumWord(OrderStatusSchema, 99)).toBe('99');
  });
});

describe('createPrinter', () => {
  const printed = (isJson: boolean, isCsv = false) => {
    let out = '';
    const print = createPrinter({ isJson, isCsv, writeOut: (text) => (out += text), writeError: () => {} });
    const rows = ['one', hostile].map((subject) => create(MessageSchema, { subject }));
    print.list(MessageSchema, rows, { columns: [{ title: 'SUBJECT', value: (row) => row.subject }], empty: 'none' });
    print.list(MessageSchema, [], { columns: [], empty: 'none' });
    return out;
  };

  it('prints one JSON object a line with all fields, and nothing for an empty list', () => {
    const lines = printed(true).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).subject)).toEqual(['one', hostile]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ kind: 'MESSAGE_KIND_UNSPECIFIED', text: '' });
  });

  it('prints lists as CSV, the names of the fields for an empty one too', () => {
    const names = 'messageId,kind,subject,text,createTime,readTime';
    const row = (subject: string) => `,MESSAGE_KIND_UNSPECIFIED,${subject},,,`;
    expect(printed(false, true).split('\r\n')).toEqual([names, row('one'), row(printable(hostile)), names, '']);
  });

  it('prints tables, and a word for an empty list', () => {
    expect(printed(false).split('\n')).toEqual(['SUBJECT', 'one', printable(hostile), 'none', '']);
  });
});
