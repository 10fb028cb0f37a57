import { describe, expect, it, type TestContext } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { kubectl } from '../../scripts/mesh/index.ts';
import { onlyWithAll } from './all-only.ts';
import { meshNamespace } from './cluster.ts';
import { tradeDuring, tradeThrough } from './trade-through.ts';

const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args]);

/** A tool that tries a version when the Deployment's pods change: the resource that it reads, and how it says where it stands. */
type Tool = { component: string; resource: string; ends: { promoted: string; rolledBack: string } };

const tools: Tool[] = [
  {
    component: 'canary-argo-rollouts',
    resource: 'rollouts.argoproj.io/order',
    ends: { promoted: 'Healthy', rolledBack: 'Degraded' },
  },
  {
    component: 'canary-flagger',
    resource: 'canaries.flagger.app/order',
    ends: { promoted: 'Succeeded', rolledBack: 'Failed' },
  },
];

async function phaseOf({ resource }: Tool): Promise<string> {
  return inNamespace('get', resource, '-o', 'jsonpath={.status.phase}').catch(() => '');
}

/** Changes a setting of the order service; the tool takes that for a new version. */
async function setSetting(name: string, value: string): Promise<void> {
  await inNamespace('set', 'env', 'deployment/order', '-c', 'service', value === '' ? `${name}-` : `${name}=${value}`);
}

/** Waits until the tool has noticed the version, and then for one of its ends, which it returns. */
async function end(tool: Tool, wanted: string): Promise<string> {
  const startTimeMs = performance.now();
  const ended = new Set<string>(Object.values(tool.ends));
  // A version that is tried takes a minute and more, so this phase is seen.
  await eventually(async () => expect(ended.has(await phaseOf(tool))).toBe(false), { timeoutMs: 60_000 });
  let phase = '';
  await eventually(
    async () => {
      phase = await phaseOf(tool);
      expect(ended.has(phase)).toBe(true);
    },
    { timeoutMs: 600_000 },
  );
  const seconds = Math.round((performance.now() - startTimeMs) / 1_000);
  console.log(JSON.stringify({ bench: 'mesh', tool: tool.component, wanted, phase, seconds }));
  return phase;
}

async function requireTool(context: TestContext, tool: Tool): Promise<void> {
  onlyWithAll(context);
  const { component } = tool;
  requireOrSkip(context, (await phaseOf(tool)) !== '', `the overlay has no component ${component}`);
}

describe.each(tools)('a canary of the order service by the component $component, under orders', (tool) => {
  it('that is good is promoted, and no call fails', { timeout: 900_000 }, async (context) => {
    await requireTool(context, tool);
    await tradeThrough(`${tool.component}, good`, async () => {
      await setSetting('CANARY_TEST', `good-${Date.now()}`);
      expect(await end(tool, tool.ends.promoted)).toBe(tool.ends.promoted);
    });
  });

  it('that cannot reach the ledger is rolled back by its analysis, and the audit is clean', {
    timeout: 900_000,
  }, async (context) => {
    await requireTool(context, tool);
    const { failures } = await tradeDuring(`${tool.component}, bad`, async () => {
      await setSetting('LEDGER_ADDRESS', 'dns:///nowhere:9000');
      expect(await end(tool, tool.ends.rolledBack)).toBe(tool.ends.rolledBack);
    });
    console.log(JSON.stringify({ bench: 'mesh', tool: tool.component, failed: failures.length }));
    await setSetting('LEDGER_ADDRESS', '');
    // Back to the stable version there may be nothing to try, and no phase between the two ends.
    await eventually(async () => expect(await phaseOf(tool)).toBe(tool.ends.promoted), { timeoutMs: 600_000 });
  });
});
