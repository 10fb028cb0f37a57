import { spawnSync } from 'node:child_process';
import { link, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runReplay } from './run-replay.ts';

const header = 'command,order_id,account,side,type,time_in_force,price,quantity';
const good = 'new,a,x,buy,,,100,9';
const bad = 'new,b,x,buy,,,0,9';
const earlier = 'what an earlier run wrote\n';

let folder: string;
let commands: string;
let events: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  [commands, events] = [join(folder, 'commands.csv'), join(folder, 'events.csv')];
  await writeFile(events, earlier);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const write = (...lines: string[]) => writeFile(commands, `${lines.join('\n')}\n`);
const replay = (options: { in?: string; out?: string; isStrict?: boolean } = {}) =>
  runReplay({ in: commands, out: events, engine: 'engine', isStrict: false, ...options });
const main = (...args: string[]) => {
  const path = fileURLToPath(new URL('./main.ts', import.meta.url));
  return spawnSync(process.execPath, [path, '--in', commands, '--out', events, ...args], { encoding: 'utf8' });
};
/** Line, event and reason of each row. */
const rows = async () => {
  const [, ...lines] = (await readFile(events, 'utf8')).trimEnd().split('\n');
  return lines.map((line) =>
    [0, 1, 12]
      .map((field) => line.split(',')[field])
      .join(' ')
      .trimEnd(),
  );
};

describe('runReplay', () => {
  it('writes over an earlier event file', async () => {
    await write(header, good);
    const { malformed, stateHash } = await replay();
    expect(await rows()).toEqual(['2 listed', '2 state continuous', '2 accepted', '2 level']);
    expect(malformed.describe()).toBeUndefined();
    expect(stateHash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('refuses to write into the file that it reads, whatever the names are', async () => {
    await write(header, good);
    const before = await readFile(commands, 'utf8');
    await symlink(commands, join(folder, 'soft.csv'));
    await symlink(folder, join(folder, 'folder'));
    await link(commands, join(folder, 'hard.csv'));
    const names = [commands, `${folder}/./../${relative(join(folder, '..'), commands)}`, relative('.', commands)];
    names.push(join(folder, 'soft.csv'), join(folder, 'hard.csv'), join(folder, 'folder', 'commands.csv'));
    for (const name of names) {
      await expect(replay({ out: name })).rejects.toThrow('are the same file');
      await expect(replay({ in: name, out: commands })).rejects.toThrow('are the same file');
    }
    expect(await readFile(commands, 'utf8')).toBe(before);
  });

  it('leaves the event file as it was when the command file is missing or does not name its columns', async () => {
    await expect(replay()).rejects.toThrow('ENOENT');
    for (const first of ['colour,command', '"command', 'command,command']) {
      await write(first, good);
      await expect(replay()).rejects.toThrow(/first line/);
    }
    await expect(replay({ in: folder })).rejects.toThrow('EISDIR');
    expect(await readFile(events, 'utf8')).toBe(earlier);
  });

  it('counts malformed lines and goes on', async () => {
    await write(header, good, bad, 'jump,c,x', good.replace('a', 'c'));
    const { malformed } = await replay();
    expect(malformed).toMatchObject({ count: 2, first: { line: 3, column: 'price' } });
    expect((await rows()).slice(4)).toEqual(['3 malformed price', '4 malformed command', '5 accepted', '5 level']);
  });

  it('ends with the first malformed line where it is strict, and writes what came before', async () => {
    await write(header, good, bad, good.replace('a', 'c'));
    const { malformed } = await replay({ isStrict: true });
    expect(malformed.endRun).toBe(true);
    expect(malformed.describe()).toBe('line 3 is malformed: price');
    expect((await rows()).slice(3)).toEqual(['2 level', '3 malformed price']);
  });

  it('ends with a list that is not finished before the next line is carried out, where it is strict', async () => {
    await write(`${header},list_id,list_type`, `${good},L,oco`, good.replace('a', 'c'));
    const { malformed } = await replay({ isStrict: true });
    expect(malformed.describe()).toBe('line 2 is malformed: list_id');
    expect(await rows()).toEqual(['2 malformed list_id']);
    await write(`${header},list_id,list_type`, `${good},L,oco`);
    expect((await replay({ isStrict: true })).malformed.count).toBe(1);
  });
});

describe('exchange:replay', () => {
  it('says on stderr how many lines are malformed, and ends well', async () => {
    await write(header, good, bad, bad);
    const { status, stderr, stdout } = main('--hash');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '2 malformed lines, the first is line 3: price\n' });
    expect(stdout).toMatch(/^[0-9a-f]{16}\n$/);
    await write(header, bad);
    expect(main().stderr).toBe('1 malformed line, the first is line 2: price\n');
  });

  it('ends with an exit code and the number of the line where it is strict', async () => {
    await write(header, good, bad);
    expect(main('--strict', '--hash')).toMatchObject({ status: 1, stdout: '', stderr: 'line 3 is malformed: price\n' });
    await write(header, good);
    expect(main('--strict')).toMatchObject({ status: 0, stderr: '' });
  });

  it('ends with an exit code when both names are of one file', async () => {
    await write(header, good);
    const { status, stderr } = main('--out', commands);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `--in ${commands} and --out ${commands} are the same file\n`,
    });
  });
});
