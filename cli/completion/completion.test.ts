import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { globalOptions } from '../command/command.ts';
import { commands } from '../commands/catalogue.ts';
import { bashCompletion } from './bash.ts';
import { listCandidates } from './candidates.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const hasShell = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** What bash offers after words, the last of which is being typed. */
function completeInBash(...words: string[]): string[] {
  const typed = ['outcry', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${bashCompletion(commands)}
COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _outcry; printf '%s\\n' "\${COMPREPLY[@]}"`;
  // A bash whose standard input is a socket takes itself for a remote one, and reads the machine's bashrc, when no other shell has started it.
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-u', '-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

const timesInForce = ['gtc', 'day', 'gtd', 'ioc', 'fok', 'at-open', 'at-close'];

describe('bashCompletion', () => {
  it('offers commands, second words, options and their values', (context) => {
    requireOrSkip(context, hasShell('bash'), 'bash is not installed');
    expect(completeInBash('b')).toEqual(['book', 'buy', 'bracket', 'balances']);
    expect(completeInBash('rules', '')).toEqual(expect.arrayContaining(['add', 'pause', 'runs', '--limit', '--json']));
    expect(completeInBash('rules', 'add', '--cr')).toEqual(['--cron']);
    expect(completeInBash('buy', 'ACME', '5', '--tif', '')).toEqual(timesInForce);
    expect(completeInBash('rules', 'add', 'ACME', '--tif', '')).toEqual(['gtc', 'ioc', 'fok']);
    expect(completeInBash('--url', 'rules', 'mov')).toEqual(['movers']);
    expect(completeInBash('keys', '')).toEqual(expect.arrayContaining(['list', 'create', 'revoke']));
    expect(completeInBash('keys', 'create', '--s')).toEqual(['--scopes']);
    expect(completeInBash('candles', 'ACME', '--timeframe', '1')).toEqual(expect.arrayContaining(['1s', '15m', '1w']));
    expect(completeInBash('call', 'MarketService/ListSn')).toEqual(['MarketService/ListSnapshots']);
    expect(completeInBash('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
    expect(completeInBash('buy', '--limit', '')).toEqual(['']);
  });
});

describe('completion scripts', () => {
  it.each([
    ['bash', bashCompletion],
    ['zsh', zshCompletion],
    ['fish', fishCompletion],
  ] as const)('have every command and option, for %s', (_, script) => {
    const text = script(commands);
    for (const { path, words, options } of listCandidates(commands)) {
      const hasOwn = options.some((option) => !globalOptions.includes(option));
      if (words.length > 0 || hasOwn) expect(text).toContain(`'${path}'`);
      for (const word of words) expect(text).toContain(word);
      for (const { name } of options) expect(text).toMatch(new RegExp(`(--|-l )${name}\\b`));
    }
  });

  it.for([
    ['zsh', zshCompletion, completeInZsh],
    ['fish', fishCompletion, completeInFish],
  ] as const)('complete in %s', ([shell, script, complete], context) => {
    if (!hasShell(shell)) context.skip(`${shell} is not installed`);
    const file = join(mkdtempSync(join(tmpdir(), 'outcry-completion-')), 'script');
    writeFileSync(file, script(commands));
    const offered = (...words: string[]) => complete(file, words);
    expect(offered('rules', '')).toEqual(expect.arrayContaining(['add', 'pause', 'runs']));
    expect(offered('buy', 'ACME', '5', '--tif', '').toSorted()).toEqual(timesInForce.toSorted());
    expect(offered('--url', 'rules', 'mov')).toContain('movers');
    expect(offered('rules', 'add', '--c')).toContain('--cron');
    rmSync(dirname(file), { recursive: true });
  });
});

/** What zsh offers: its completion system is not loaded, the function alone is called. */
function completeInZsh(file: string, words: readonly string[]): string[] {
  const script = `compdef() { :; }; compadd() { shift; print -l -- "$@"; }; source ${file}
words=(outcry "$@"); CURRENT=$#words; _outcry`;
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script, 'zsh', ...words], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

function completeInFish(file: string, words: readonly string[]): string[] {
  const script = `source ${file}; complete -C "outcry ${words.join(' ')}"`;
  const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '');
}
