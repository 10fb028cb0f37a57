import { describe, expect, it } from 'vitest';
import { replayFile } from './replay-file.ts';
import { createEngineReplayer, createReferenceReplayer } from './replayer.ts';

const columns = 'command,order_id,account,side,type,time_in_force,price,quantity';

async function replay(text: string, replayer = createEngineReplayer()): Promise<string[]> {
  const lines = (async function* () {
    yield* text.split('\n');
  })();
  let written = '';
  for await (const chunk of replayFile(lines, replayer)) written += chunk;
  return written.trimEnd().split('\n');
}

describe('replayFile', () => {
  it('writes what became of each line, with the ids of the file, whatever they look like', async () => {
    const written = await replay(
      [
        ...[columns, 'new,"a, ""1""",alice,sell,limit,gtc,101,5', 'new,b,bob,buy,limit,ioc,101,7'],
        ...['new,b,bob,buy,limit,ioc,102,7', 'cancel,zzz,bob', 'new,c,bob,buy,limit,gtc,0,7', 'jump,c,bob'],
      ].join('\n'),
    );
    expect(written.slice(3)).toEqual([
      '2,accepted,BOOK,"a, ""1""",alice,sell,101,5,,,,,,,',
      '2,level,BOOK,,,sell,101,5,,,,,,,1',
      '3,accepted,BOOK,b,bob,buy,101,7,,,,,,,',
      '3,traded,BOOK,b,bob,buy,101,5,2,"a, ""1""",alice,0,,,',
      '3,cancelled,BOOK,b,bob,,,,2,,,,immediate,,',
      '3,level,BOOK,,,sell,101,0,,,,,,,0',
      '4,refused,,b,,,,,,,,,order_id_reused,,',
      '5,command_rejected,BOOK,zzz,bob,,,,,,,,order_not_found,,',
      '6,malformed,,c,,,,,,,,,price,,',
      '7,malformed,,c,,,,,,,,,command,,',
    ]);
  });

  it('replaces the revision that an order has, where the file names none', async () => {
    const written = await replay(
      [columns, 'new,a,x,buy,,,100,9', 'replace,a,x,,,,100,5', 'replace,a,x,,,,99,5', 'cancel,a,x'].join('\n'),
    );
    expect(written.filter((line) => /replaced|cancelled/.test(line))).toEqual([
      '3,replaced,BOOK,a,x,,100,5,5,,,,priority_kept,2,',
      '4,replaced,BOOK,a,x,,99,5,5,,,,,3,',
      '5,cancelled,BOOK,a,x,,,,5,,,,requested,,',
    ]);
  });

  it('writes the same bytes by both engines', async () => {
    let seed = 7;
    const below = (n: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * n);
    };
    const lines = Array.from({ length: 1_500 }, (_, i) => {
      const known = below(i + 1);
      const kind = below(10);
      if (kind < 2) return `cancel,o${known},u${known % 5},,,,,`;
      if (kind < 4) return `replace,o${known},u${known % 5},,,,${95 + below(10)},${1 + below(9)}`;
      const timeInForce = ['gtc', 'gtc', 'gtc', 'ioc', 'fok'][below(5)];
      return `new,o${i},u${i % 5},${below(2) ? 'buy' : 'sell'},limit,${timeInForce},${95 + below(10)},${1 + below(9)}`;
    });
    const text = [columns, ...lines].join('\n');
    const fast = await replay(text);
    expect(fast).toEqual(await replay(text, createReferenceReplayer()));
    expect(fast.filter((line) => line.includes(',traded,')).length).toBeGreaterThan(200);
  });

  it('refuses a file whose first line names unknown columns', async () => {
    await expect(replay('command,colour')).rejects.toThrow('colour');
  });
});
