import { type GatewayCall, GatewayError, logIn } from '../client/gateway-client.ts';
import { type DemoUser, demoDeposit, demoPassword } from './demo-users.ts';

/**
 * Makes a demo user with the cash where they are missing, through the public RPCs. Safe to repeat: an account gets the cash once.
 *
 * @returns `complete`, or `other password` when the account has one of its owner's choice and is left as it is
 * @throws GatewayError when a step is refused, or the connection's own error
 */
export async function seedUser(call: GatewayCall, user: DemoUser): Promise<'complete' | 'other password'> {
  const token = (await tryLogIn(call, user)) ?? (await register(call, user));
  if (token === undefined) return 'other password';
  const { entries } = await call('outcry.ledger.v1.LedgerService/ListStatement', { pageSize: 1 }, token);
  if (Array.isArray(entries) && entries.length > 0) return 'complete';
  await call('outcry.ledger.v1.LedgerService/Deposit', { idempotencyKey: 'demo-deposit', amount: demoDeposit }, token);
  return 'complete';
}

// A taken address answers like a free one: only the log-in after it says whether this is the account's password.
async function register(call: GatewayCall, user: DemoUser): Promise<string | undefined> {
  await call('outcry.user.v1.UserService/Register', {
    idempotencyKey: `demo-${user.email.replace('@', '-at-')}`,
    email: user.email,
    password: demoPassword,
    displayName: user.displayName,
  });
  return tryLogIn(call, user);
}

async function tryLogIn(call: GatewayCall, { email }: DemoUser): Promise<string | undefined> {
  try {
    return await logIn(call, email, demoPassword);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'unauthenticated') return undefined;
    throw error;
  }
}
