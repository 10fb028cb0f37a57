/** Every kind of order through the gateway: what goes with what, what each holds at every step of its life, and a clean audit at the end. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRulebookTimesInForce, rulebookTimesInForce } from '#platform/testing/rulebook-times-in-force.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { KindScene, type KindWorld, openWorld, type Side } from '../support/kinds/kind-scene.ts';
import { lives } from '../support/kinds/lives.ts';
import { logInAdmin } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';
import { loadMethods, openSystemCaller, type SystemCaller } from '../support/system-caller.ts';

let system: RunningSystem;
let caller: SystemCaller;
let world: KindWorld;

beforeAll(async () => {
  system = await startSystem({
    flags: ['--no-simulator'],
    env: { AUDIT_EVERY_MS: '3600000', GATEWAY_CALLS_PER_SECOND_MAX: '5000', GATEWAY_CALLS_BURST_MAX: '10000' },
  });
  const gatewayUrl = system.gatewayUrls[0] ?? '';
  const client = createTestClient('connect', gatewayUrl);
  const { admin, dataDirectory } = system;
  caller = openSystemCaller({ gatewayUrl, dataDirectory, admin });
  world = await openWorld({ client, admin: await logInAdmin(client, system), caller, methods: await loadMethods() });
}, 120_000);
afterAll(async () => {
  await caller?.[Symbol.asyncDispose]();
  await system?.[Symbol.asyncDispose]();
}, 90_000);

const sides: Side[] = ['BUY', 'SELL'];
const tableOfRulebook = readRulebookTimesInForce();
// A market order is a limit order of the book that does not rest: it goes with the times in force of those.
const table = new Map<string, ReadonlySet<string>>([...tableOfRulebook, ['MARKET', new Set(['IOC', 'FOK'])]]);

/** What each type needs beside its size, so that nothing trades: the book has orders 1.00 away on each side. */
function termsOf(scene: KindScene, type: string): JsonObject {
  const limitPrice = scene.price(-5);
  switch (type) {
    case 'STOP':
      return { stopPrice: scene.price(5) };
    case 'STOP_LIMIT':
      return { stopPrice: scene.price(5), limitPrice: scene.price(6) };
    case 'TRAILING_STOP':
      return { trailPercent: '3' };
    case 'ICEBERG':
      return { limitPrice, displayQuantity: '2' };
    case 'LIMIT':
      return { limitPrice };
    default:
      return {};
  }
}

type Outcome = { status: string } | { reason: string; field?: string };

/** By the table alone. */
function outcomeOf(type: string, timeInForce: string, { side, size }: { side: Side; size: string }): Outcome {
  if (!table.get(type)?.has(timeInForce)) return { reason: 'INVALID_FIELD', field: 'terms.time_in_force' };
  if (size === 'amount' && (type !== 'MARKET' || side === 'SELL')) {
    return { reason: 'INVALID_FIELD', field: 'terms.amount' };
  }
  if (type === 'MARKET') return { status: 'FILLED' };
  if (timeInForce === 'AT_OPEN') return { reason: 'INSTRUMENT_NOT_TRADING' };
  if (type === 'LIMIT' && timeInForce === 'FOK') return { reason: 'FILL_OR_KILL_UNFILLED' };
  return { status: type === 'LIMIT' && timeInForce === 'IOC' ? 'CANCELLED' : 'OPEN' };
}

async function expectOutcome(scene: KindScene, given: JsonObject, outcome: Outcome): Promise<void> {
  if ('status' in outcome) {
    const { type, timeInForce } = given as { type: string; timeInForce: string };
    const waits = type.includes('STOP') || timeInForce.endsWith('AT_CLOSE');
    const isOpen = outcome.status === 'OPEN';
    const status = `ORDER_STATUS_${outcome.status}`;
    const orderId = await scene.place({ ...given, type }, { status, waiting: isOpen && waits });
    if (!isOpen) return;
    await scene.cancel(orderId);
    await scene.expectOrder(orderId, { status: 'ORDER_STATUS_CANCELLED' });
  } else if (outcome.field === undefined) {
    expect((await scene.refused({ ...given, type: String(given.type) })).reason).toBe(outcome.reason);
  } else {
    const terms = scene.terms({ ...given, type: String(given.type) });
    for (const rpc of ['PreviewOrder', 'PlaceOrder']) {
      const key: JsonObject = rpc === 'PlaceOrder' ? { clientOrderId: randomUUID() } : {};
      const refused = await refusalOf(scene.owner.call(`OrderService/${rpc}`, { ...key, terms }));
      expect(refused).toMatchObject({ code: 'invalid_argument', reason: outcome.reason });
      expect(refused.message).toContain(outcome.field);
    }
  }
}

/** All times in force and sizes of a type, one after the other. */
async function expectRow(scene: KindScene, type: string): Promise<void> {
  for (const timeInForce of rulebookTimesInForce) {
    const tenMinutes = new Date(Date.now() + 600_000).toISOString();
    const expiry: JsonObject = timeInForce === 'GTD' ? { expireTime: tenMinutes } : {};
    const common = { type: `ORDER_TYPE_${type}`, timeInForce: `TIME_IN_FORCE_${timeInForce}`, ...expiry };
    for (const [size, value] of [
      ['quantity', '3'],
      ['amount', '330.00'],
    ] as const) {
      const outcome = outcomeOf(type, timeInForce, { side: scene.side, size });
      await expectOutcome(scene, { ...common, ...termsOf(scene, type), [size]: value }, outcome);
      await scene.beginAgain();
    }
  }
}

describe('what goes with what', { timeout: 120_000 }, () => {
  const rows = [...table.keys()].flatMap((type) => sides.map((side) => [type, side] as const));

  it.concurrent.each(rows)('is what the rulebook says: %s %s with each time in force and size', async (type, side) => {
    const scene = await KindScene.open(world, side);
    await scene.offer(1, 50);
    await scene.bid(1, 50);
    await expectRow(scene, type);
  });
});

describe.each(sides)('the life of a %s order', { timeout: 60_000 }, (side) => {
  it.concurrent.each(Object.entries(lives))('%s', async (_, live) => {
    await live(await KindScene.open(world, side));
  });
});

describe('the audit', () => {
  it('is clean after all of it', async () => {
    const findings: unknown[] = [];
    const stop = new AbortController();
    for await (const message of world.admin.stream('AuditService/RunAudit', { findingsMax: 100 }, stop.signal)) {
      if (message.finding !== undefined) findings.push(message.finding);
      if (message.verdict !== undefined) {
        expect({ findings, clean: (message.verdict as JsonObject).clean }).toEqual({ findings: [], clean: true });
        return;
      }
    }
    throw new Error('the stream ended without a verdict');
  }, 120_000);
});
