import { describe, expect, it } from 'vitest';
import { commands } from '../commands/catalogue.ts';
import { UsageError } from '../input/usage-error.ts';
import { globalOptions } from './command.ts';
import { describeCommand, describeCommands } from './help.ts';
import { parseCommandLine } from './parse.ts';

const parse = (line: string) => parseCommandLine(line === '' ? [] : line.split(' '), commands);

describe('parseCommandLine', () => {
  it('finds commands of one and two words, with global options before and after', () => {
    for (const [line, name, positionals] of [
      ['buy ACME 5', 'buy', ['ACME', '5']],
      ['--url http://a --json rules add name --cron x --buy ACME', 'rules add', ['name']],
      ['rules --json', 'rules', []],
      ['dead-letters redrive q --all', 'dead-letters redrive', ['q']],
      ['dead-letters some.queue', 'dead-letters', ['some.queue']],
    ] as const) {
      const { command, ...rest } = parse(line);
      expect(command?.name).toBe(name);
      expect('input' in rest && rest.input.positionals).toEqual(positionals);
    }
  });

  it('reads options of the command and global ones in any place', () => {
    const line = parse('--timeout 5 buy ACME --limit 1.50 5 --post-only --json');
    if (line.command === undefined) throw new Error('no command');
    const { input } = line;
    expect(input.text('timeout')).toBe('5');
    expect(input.decimal('limit')).toBe('1.50');
    expect([input.flag('post-only'), input.flag('json'), input.flag('preview')]).toEqual([true, true, false]);
  });

  it.each([
    'wrong',
    'buy',
    'buy ACME 1 2',
    'buy ACME 1 --tif soon',
    'buy ACME 1 --bogus',
    'buy ACME 1 --limit',
    'quote --json=yes',
    'completion tcsh',
    'movers upwards',
    'inbox read',
  ])('refuses `%s`', (line) => {
    expect(() => parse(line)).toThrow(UsageError);
  });

  it('gives help for nothing, for help, and for each command without its arguments', () => {
    for (const line of ['', 'help', '--help', '--json']) expect(parse(line)).toMatchObject({ isHelp: true });
    for (const { name } of commands) expect(parse(`${name} --help`)).toMatchObject({ isHelp: true, command: { name } });
  });
});

describe('the catalogue', () => {
  it('has each name once, and no option twice in a command', () => {
    const names = commands.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { options = [] } of commands) {
      const all = [...globalOptions, ...options].map(({ name }) => name);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it('is described: each command in the list, each option in its help', () => {
    const list = describeCommands(commands);
    for (const command of commands) {
      expect(list).toContain(`  ${command.name} `);
      const help = describeCommand(command);
      for (const { name } of [...globalOptions, ...(command.options ?? [])]) expect(help).toContain(`--${name}`);
    }
  });
});
