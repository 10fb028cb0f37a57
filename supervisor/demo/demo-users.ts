import { createGatewayCall, type GatewayCall, GatewayError, logIn } from './gateway-client.ts';
import { StartError } from './start-error.ts';

/** A person who exists in every fresh system, to try it out with. */
export type DemoUser = { email: string; displayName: string };

/** The demo users; each begins with DEMO_DEPOSIT. */
export const DEMO_USERS: readonly DemoUser[] = [
  { email: 'alice@example.com', displayName: 'Alice' },
  { email: 'bob@example.com', displayName: 'Bob' },
];

/** Password of the demo users: the system answers this machine only. */
export const DEMO_PASSWORD = 'outcry-demo-1';

/** Cash that each demo user begins with, in USD. */
export const DEMO_DEPOSIT = '100000.00';

/**
 * Makes the demo users and their money where they are missing, through the public RPCs like anyone. Safe to run at each start:
 * money is given once in an account's life.
 *
 * @throws StartError when the gateway refuses a step
 */
export async function seedDemoUsers(gatewayUrl: string): Promise<void> {
  const call = createGatewayCall(gatewayUrl);
  try {
    await Promise.all(DEMO_USERS.map((user) => seedUser(call, user)));
  } catch (error) {
    throw new StartError(`the demo users could not be made: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function seedUser(call: GatewayCall, user: DemoUser): Promise<void> {
  const token = await logInOrRegister(call, user);
  const { entries } = await call('outcry.ledger.v1.LedgerService/ListStatement', { pageSize: 1 }, token);
  if (Array.isArray(entries) && entries.length > 0) return;
  await call('outcry.ledger.v1.LedgerService/Deposit', { idempotencyKey: 'demo-deposit', amount: DEMO_DEPOSIT }, token);
}

async function logInOrRegister(call: GatewayCall, { email, displayName }: DemoUser): Promise<string> {
  try {
    return await logIn(call, email, DEMO_PASSWORD);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'unauthenticated') throw error;
  }
  await call('outcry.user.v1.UserService/Register', {
    idempotencyKey: `demo-${email.replace('@', '-at-')}`,
    email,
    password: DEMO_PASSWORD,
    displayName,
  });
  return logIn(call, email, DEMO_PASSWORD);
}
