import { describe, expect, it } from 'vitest';
import { replayFile } from './replay-file.ts';
import { createEngineReplayer, createReferenceReplayer } from './replayer.ts';
import { commandFile } from './testing/command-file.ts';

const columns = 'command,order_id,account,side,type,time_in_force,price,quantity';

async function replay(text: string | Buffer, replayer = createEngineReplayer(), chunkBytes = 7): Promise<string[]> {
  const bytes = Buffer.from(text);
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  })();
  let written = '';
  for await (const part of replayFile(chunks, replayer)) written += part;
  return written.trimEnd().split('\n');
}

/** Events by their columns, only those that are not empty. */
async function replayRows(lines: string[], replayer = createEngineReplayer()): Promise<Record<string, string>[]> {
  const [header = '', ...rows] = await replay(lines.join('\n'), replayer);
  const names = header.split(',');
  return rows.map((row) => {
    const fields = row.split(',');
    expect(fields).toHaveLength(names.length);
    return Object.fromEntries(fields.flatMap((field, i) => (field === '' ? [] : [[names[i], field]])));
  });
}

describe('replayFile', () => {
  it('writes the outcome of each line, with the ids of the file, whatever they look like', async () => {
    const written = await replay(
      [
        ...[columns, 'new,"a, ""1""",alice,sell,limit,gtc,101,5', 'new,b,bob,buy,limit,ioc,101,7'],
        ...['new,b,bob,buy,limit,ioc,102,7', 'cancel,zzz,bob', 'new,c,bob,buy,limit,gtc,0,7', 'jump,c,bob'],
      ].join('\r\n'),
    );
    const ends = ',,,,,,';
    expect(written.slice(3)).toEqual([
      `2,accepted,BOOK,"a, ""1""",alice,sell,101,5,,,,,,,${ends}`,
      `2,level,BOOK,,,sell,101,5,,,,,,,1${ends}`,
      `3,accepted,BOOK,b,bob,buy,101,7,,,,,,,${ends}`,
      `3,traded,BOOK,b,bob,buy,101,5,2,"a, ""1""",alice,0,,,${ends}`,
      `3,cancelled,BOOK,b,bob,,,,2,,,,immediate,,${ends}`,
      `3,level,BOOK,,,sell,101,0,,,,,,,0${ends}`,
      `4,refused,,b,,,,,,,,,order_id_reused,,${ends}`,
      `5,command_rejected,BOOK,zzz,bob,,,,,,,,order_not_found,,${ends}`,
      `6,malformed,,c,,,,,,,,,price,,${ends}`,
      `7,malformed,,c,,,,,,,,,command,,${ends}`,
    ]);
  });

  it('distinguishes order ids of any text', async () => {
    const names = ['a', 'ä', 'e10000', '018bcfe5-6800-7000-8000-000000000017', 'e1610000-0000-0000-0000-000000000000'];
    names.push(
      'fifteen-bytes-x',
      'sixteen-bytes-xx',
      'a name that is longer than those that fit an id',
      '\u{1f600}',
      ' ',
    );
    const events = await replayRows([columns, ...names.map((name) => `new,${name},x,buy,,,100,1`)]);
    expect(events.filter(({ event }) => event === 'accepted').map((event) => event.order_id)).toEqual(names);
    const sold = await replayRows([
      columns,
      ...names.map((name) => `new,${name},x,buy,,,100,1`),
      `new,s,y,sell,,,100,99`,
    ]);
    expect(sold.filter(({ event }) => event === 'traded').map((event) => event.maker_order_id)).toEqual(names);
  });

  it('replaces the revision that an order has, where the file names none', async () => {
    const written = await replay(
      [columns, 'new,a,x,buy,,,100,9', 'replace,a,x,,,,100,5', 'replace,a,x,,,,99,5', 'cancel,a,x'].join('\n'),
    );
    expect(written.filter((line) => /replaced|cancelled/.test(line))).toEqual([
      '3,replaced,BOOK,a,x,,100,5,5,,,,priority_kept,2,,,,,,,',
      '4,replaced,BOOK,a,x,,99,5,5,,,,,3,,,,,,,',
      '5,cancelled,BOOK,a,x,,,,5,,,,requested,,,,,,,,',
    ]);
  });

  it('knows every type, list, session, state and split', async () => {
    const rich = `${columns},symbol,time_ms,stop_price,trail,display,expire_ms,session,list_id,list_type,state,numerator,denominator,ttl_ms`;
    const rows = [
      'keep_alive,,s,,,,,,,,,,,,S,,,,,,1000',
      'new,b1,b,buy,,,100,5,,,,,,,S',
      'new,i1,i,sell,iceberg,,101,9,,,,,3',
      'new,g1,g,buy,,gtd,90,1,,,,,,1700000000500',
      'new,t1,t,sell,stop,,90,4,,,95',
      'new,o1,o,sell,,,120,2,,,,,,,,L1,oco',
      'new,o2,o,sell,stop,,80,2,,,85,,,,,L1',
      'new,x1,x,buy,,,101,3',
      'new,r1,r,sell,trailing_stop,day,80,1,,,,5',
      'time,,,,,,,,,1700000001000',
      'state,,,,,,,,,,,,,,,,,opening_auction',
      'new,n1,n,buy,,,125,1',
      'state,,,,,,,,,,,,,,,,,continuous',
      'split,,,,,,,,,,,,,,,,,,2,1',
      'state,,,,,,,,,,,,,,,,,closed',
      'cancel_all,,o',
    ];
    rows[0] = 'keep_alive,,b,,,,,,,,,,,,S,,,,,,1000';
    const events = await replayRows([rich, ...rows]);
    expect(events).toEqual(await replayRows([rich, ...rows], createReferenceReplayer()));
    const kinds = new Set(events.map(({ event }) => event));
    for (const kind of ['accepted', 'traded', 'refreshed', 'state', 'uncrossed', 'split', 'replaced', 'cancelled']) {
      expect(kinds).toContain(kind);
    }
    expect(events.filter(({ list_id }) => list_id === 'L1')).toMatchObject([
      { order_id: 'o1', list_type: 'oco', list_place: '0', line: '8' },
      { order_id: 'o2', list_type: 'oco', list_place: '1', line: '8', stop_price: '85' },
    ]);
    const reasons = events.flatMap(({ event, line, reason }) => (event === 'cancelled' ? [`${line} ${reason}`] : []));
    expect(reasons).toEqual(['11 disconnected', '11 expired', ...reasons.slice(2)]);
    expect(events.find(({ event }) => event === 'split')).toMatchObject({ reason: '2:1' });
  });

  it('names the column of a malformed line, and continues', async () => {
    const rich = `${columns},stop_price,trail,trail_bps,display,minimum,expire_ms,list_id,list_type,time_ms,slide,self_trade`;
    const good = 'new,a,x,buy,limit,gtc,100,9';
    const bad: [line: string, column: string][] = [
      ['', ''],
      ['new,a,x,buy,market,gtc,100,9', 'type'],
      ['new,a,x,up,limit,gtc,100,9', 'side'],
      ['new,a,x,buy,limit,soon,100,9', 'time_in_force'],
      ['new,a,,buy,limit,gtc,100,9', 'account'],
      ['new,,x,buy,limit,gtc,100,9', 'order_id'],
      ['new,a,x,buy,limit,gtc,1e2,9', 'price'],
      ['new,a,x,buy,limit,gtc,-1,9', 'price'],
      ['new,a,x,buy,limit,gtc,2147483648,9', 'price'],
      ['new,a,x,buy,limit,gtc,100,99999999999999999999', 'quantity'],
      ['new,a,x,buy,limit,gtc,100,9.5', 'quantity'],
      ['new,a,x,buy,limit,gtc,100,', 'quantity'],
      [`new,a,${'x'.repeat(65)},buy,limit,gtc,100,9`, 'account'],
      [`${good},5`, 'stop_price'],
      ['new,a,x,buy,stop,gtc,100,9', 'stop_price'],
      ['new,a,x,buy,trailing_stop,gtc,100,9', 'trail'],
      ['new,a,x,buy,trailing_stop,gtc,100,9,,1,1', 'trail_bps'],
      ['new,a,x,buy,iceberg,gtc,100,9,,,,10', 'display'],
      [`${good},,,,,10`, 'minimum'],
      ['new,a,x,buy,limit,gtd,100,9', 'expire_ms'],
      [`${good},,,,,,,L`, 'list_type'],
      [`${good},,,,,,,L,pair`, 'list_type'],
      [`${good},,,,,,,,,soon`, 'time_ms'],
      [`${good},,,,,,,,,,maybe`, 'slide'],
      [`${good},,,,,,,,,,,never`, 'self_trade'],
      [`${good},,,,,,,,,,,,more`, 'line'],
      [`${good},"open`, 'line'],
      [`"a"b,c`, 'line'],
      ['split,,x', 'command'],
      ['\u0000\u0001\u0002', 'command'],
      ['replace,a,x,,,,0,1', 'price'],
      ['keep_alive,,x', 'command'],
    ];
    bad.splice(-4, 1);
    bad.pop();
    const events = await replayRows([rich, ...bad.map(([line]) => line), good]);
    expect(events.slice(0, bad.length - 1).map(({ event, reason }) => [event, reason])).toEqual(
      bad.slice(1).map(([, column]) => ['malformed', column]),
    );
    expect(events.at(-2)).toMatchObject({ event: 'accepted', line: String(bad.length + 2) });
    const tooLong = await replay(`${columns}\n${'x'.repeat(70_000)}\n${good}`, createEngineReplayer(), 9_999);
    expect(tooLong[1]).toBe('2,malformed,,,,,,,,,,,line,,,,,,,,');
    expect(tooLong.at(-2)).toContain('3,accepted');
  });

  it('refuses a list whose lines are not one behind the other, too few, or malformed', async () => {
    const header = `${columns},list_id,list_type`;
    const exit = (id: string, list: string, terms = '') => `new,${id},x,sell,,,100,${terms || 9},${list}`;
    const events = await replayRows([
      ...[header, exit('a', 'L,oco'), exit('b', 'M,oco'), 'cancel,b,x', exit('c', 'L,oco'), exit('d', 'L', '0')],
      ...[exit('e', 'L,oco', '8'), exit('f', 'L'), exit('e', 'N,oco', '0'), exit('f', 'N'), exit('g', 'P,oto')],
    ]);
    expect(events.filter(({ event }) => event === 'malformed').map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      ...['2 list_id', '3 list_id', '6 quantity', '8 quantity', '9 quantity', '10 list_id', '11 list_id'],
    ]);
    expect(events.filter(({ event }) => event === 'accepted')).toEqual([]);
  });

  it('writes the same bytes by both engines, for commands of every kind', async () => {
    const found = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5]) {
      const text = commandFile(800, seed);
      const fast = await replay(text, createEngineReplayer(), 5_000);
      expect(fast).toEqual(await replay(text, createReferenceReplayer(), 300));
      const [header = '', ...lines] = fast;
      for (const line of lines) {
        const fields = line.split(',');
        expect(fields).toHaveLength(header.split(',').length);
        found.add(fields[1] ?? '');
      }
    }
    expect([...found].sort()).toEqual([
      ...[
        'accepted',
        'cancelled',
        'command_rejected',
        'level',
        'listed',
        'malformed',
        'refreshed',
        'refused',
        'rejected',
      ],
      ...['replaced', 'split', 'state', 'traded', 'triggered', 'uncrossed'],
    ]);
  });

  it('never fails on a file of any bytes', async () => {
    let seed = 3;
    const bytes = Buffer.from(commandFile(300, 5));
    for (let i = bytes.indexOf(10) + 1; i < bytes.length; i += 1 + (seed % 40)) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[i] = [0, 10, 13, 34, 44, 255, 0xc3, 49][seed >>> 29] ?? 0;
    }
    const written = await replay(bytes, createEngineReplayer(), 1_000);
    expect(written.filter((line) => line.includes('malformed')).length).toBeGreaterThan(50);
  });

  it('refuses a file whose first line names unknown columns, or one twice', async () => {
    await expect(replay('command,colour')).rejects.toThrow('colour');
    await expect(replay('command,command')).rejects.toThrow('twice');
    expect(await replay('')).toHaveLength(1);
    expect((await replay(`\u{feff}${columns}\nnew,a,x,buy,,,1,1`)).at(-2)).toContain('accepted');
  });
});
