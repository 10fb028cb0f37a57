import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { hasGrpcurl } from '../support/grpcurl-client.ts';

const shared = inject('sharedSystem');

it("the README's investor's day runs as it is written", { timeout: 240_000 }, async (context) => {
  requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/^```sh day\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
  expect(blocks).toHaveLength(5);
  const script = blocks.join('\n').replace('http://localhost:8080', shared.gatewayUrl);
  const { code, output } = await runBash(`set -euo pipefail\n${script}`);
  expect(code, output).toBe(0);
  expect(output).toMatch(/order \S+: 5 of 5 filled at/);
  expect(output).toContain('RUN_OUTCOME_DONE');
  expect(output).toMatch(/logged in as[\s\S]*(key +two-more[\s\S]*){2}every call has its answer/);
  expect(output).toMatch(/filled/i);
  expect(output).toMatch(/"transferId"[\s\S]*TRANSFER_KIND_WITHDRAWAL/);
});

function runBash(script: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    // The session that the client stores is no person's.
    const env = { ...process.env, XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'outcry-readme-')) };
    const child = spawn('bash', ['-c', script], { cwd: new URL('../../', import.meta.url), env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
