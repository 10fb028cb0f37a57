import { expect, inject, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { readBlocks, runBash } from '../support/document-blocks.ts';
import { hasGrpcurl } from '../support/grpcurl-client.ts';

const shared = inject('sharedSystem');

it("the README's investor's day runs as it is written", { timeout: 240_000 }, async (context) => {
  requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
  const blocks = await readBlocks('README.md', 'day');
  expect(blocks).toHaveLength(5);
  const script = blocks.join('\n').replace('http://localhost:8080', shared.gatewayUrl);
  const { code, output } = await runBash(script);
  expect(code, output).toBe(0);
  expect(output).toMatch(/order \S+: 5 of 5 filled at/);
  expect(output).toContain('RUN_OUTCOME_DONE');
  expect(output).toMatch(/logged in as[\s\S]*(key +two-more[\s\S]*){2}every call has its answer/);
  expect(output).toMatch(/filled/i);
  expect(output).toMatch(/"transferId"[\s\S]*TRANSFER_KIND_WITHDRAWAL/);
});
