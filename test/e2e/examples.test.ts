/** The blocks of docs/api-by-example.md, each with the client that it is for. */
import { spawnSync } from 'node:child_process';
import { describe, expect, inject, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { readBlocks, runBash } from '../support/document-blocks.ts';

const shared = inject('sharedSystem');
const path = 'docs/api-by-example.md';

/** Whether a program is there that answers to these arguments. */
const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

const clients = [
  ['curl', has('curl', '--version')],
  ['grpcurl', has('grpcurl', '-version')],
  ['node', true],
  ['python', has('python3', '-m', 'ensurepip', '--version')],
  ['go', has('go', 'version')],
] as const;

describe('the API by example', () => {
  // Packages are fetched and compiled the first time.
  it.for(clients)('lives its few steps with %s', { timeout: 400_000 }, async ([name, isThere], context) => {
    requireOrSkip(context, isThere, `${name} is not installed`);
    const [setup = ''] = await readBlocks(path, 'setup');
    const [block] = await readBlocks(path, name);
    expect(block, 'the block of the document').toBeDefined();
    const { code, output } = await runBash(setup.replace('http://localhost:8080', shared.gatewayUrl) + block);
    expect(code, output).toBe(0);
    expect(output).toMatch(/order \S+: 5 of 5 filled at \d+\.\d+/);
  });
});
