import { setTimeout as sleep } from 'node:timers/promises';
import { createGatewayCall } from '../client/gateway-client.ts';
import type { Output } from '../terminal/output.ts';
import { type DemoUser, demoUsers } from './demo-users.ts';
import { seedUser } from './seed-user.ts';

/** Bounds of the tries to make the demo users. */
export type SeedLimits = {
  /** How long the start waits for the first try. */
  firstTryTimeoutMs: number;
  /** Delay before the second try; it doubles with each. */
  delayMinMs: number;
  delayMaxMs: number;
  triesMax: number;
};

// Half an hour in all: longer than an address has to wait after wrong passwords.
const standardLimits: SeedLimits = { firstTryTimeoutMs: 10_000, delayMinMs: 1_000, delayMaxMs: 60_000, triesMax: 36 };

/** What making the demo users needs. */
export type SeedOptions = {
  output: Output;
  /** Ends the tries. */
  signal: AbortSignal;
  /** Default: 36 tries in half an hour. */
  limits?: SeedLimits;
};

/**
 * Makes the demo users where they are missing. Resolves after the first try: what a user service that limits log-ins, or is away,
 * refuses then is tried again in the background until the signal aborts, with a line on the terminal at the first refusal and at the
 * end. Never rejects: a system without demo users is a system that works.
 */
export async function seedDemoUsers(gatewayUrl: string, options: SeedOptions): Promise<void> {
  const { limits = standardLimits, output, signal } = options;
  const missing = new Set(demoUsers);
  const firstTry = AbortSignal.any([signal, AbortSignal.timeout(limits.firstTryTimeoutMs)]);
  const refusal = await seedMissing(gatewayUrl, missing, { output, signal: firstTry });
  if (refusal === undefined || signal.aborted) return;
  output.line(`  the demo users are not complete yet: ${refusal}; it is tried again in the background`);
  void tryAgain(gatewayUrl, missing, { limits, output, signal });
}

async function tryAgain(
  gatewayUrl: string,
  missing: Set<DemoUser>,
  { limits, output, signal }: Required<SeedOptions>,
): Promise<void> {
  let refusal: string | undefined;
  for (let tries = 1; tries < limits.triesMax; tries++) {
    const delayMs = Math.min(limits.delayMinMs * 2 ** (tries - 1), limits.delayMaxMs);
    await sleep(delayMs, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) return;
    refusal = await seedMissing(gatewayUrl, missing, { output, signal });
    if (signal.aborted) return;
    if (refusal === undefined) return output.line('  the demo users are complete now');
  }
  output.line(`  the demo users are not made: ${refusal}; the next start tries again`);
}

// Takes those that are complete out of the set; resolves to why one is not, or undefined.
async function seedMissing(
  gatewayUrl: string,
  missing: Set<DemoUser>,
  { output, signal }: SeedOptions,
): Promise<string | undefined> {
  const call = createGatewayCall(gatewayUrl, { signal });
  const refusals = await Promise.all(
    [...missing].map(async (user) => {
      try {
        const outcome = await seedUser(call, user);
        if (outcome === 'other password') output.line(`  ${user.email} has another password than the demo users'`);
        missing.delete(user);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }),
  );
  return refusals.find((refusal) => refusal !== undefined);
}
