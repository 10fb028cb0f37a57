import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';
import { reconcileConditions } from './reconcile-conditions.ts';

let system: TestSystem;
let replica: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

describe('reconcileConditions', () => {
  it('freezes an account whose event was lost, on every replica', async () => {
    const { userId, userToken } = await system.newUser();
    const place = () =>
      replica.orders.placeOrder({ clientOrderId: uuidV7(), terms: limitTerms('buy', '1', '50') }, { userToken });
    await place();
    // No event brings it, as when its delivery ended as a dead letter.
    system.market.conditions.set(userId, usualConditions(userId, { version: 2n, state: AccountState.FROZEN }));
    await place();
    const closing = new AbortController();
    const metrics = createMetrics('test');
    const done = reconcileConditions(replica.deps, { signal: closing.signal, metrics, passPauseMs: 10 });
    await eventually(() => expect(place()).rejects.toMatchObject({ reason: ErrorReason.ACCOUNT_FROZEN }));
    closing.abort();
    await done;
  });
});
