/** What the others do in the morning, so that lists of staff have people and events in them. */
import { randomUUID } from 'node:crypto';
import { limitTerms, logIn, marketTerms, placeOrder, testPassword } from '../support/investor.ts';
import type { Act, Scene } from './scene.ts';

const names = [
  'Chidi Okafor',
  'Dagny Lund',
  'Emil Sørensen',
  'Farah Haddad',
  'Greta Weiss',
  'Hiro Tanaka',
  'Ines Duarte',
];
const cash = ['4000.00', '18500.00', '250000.00', '900.00', '76000.00', '12000.00', '33000.00'];

async function register(scene: Scene): Promise<void> {
  for (const [index, displayName] of names.entries()) {
    const email = `${displayName.split(' ')[0]?.toLowerCase()}@example.com`;
    await scene.client.call('UserService/Register', {
      ...{ idempotencyKey: randomUUID(), email, password: testPassword, displayName },
    });
    const person = await logIn(scene.client, email, testPassword);
    await person.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: cash[index] ?? '1000.00' });
  }
}

async function halt({ admin }: Scene): Promise<void> {
  await admin.call('MarketAdminService/HaltInstrument', { idempotencyKey: randomUUID(), symbol: 'GALE' });
}

async function issue({ admin, bob }: Scene): Promise<void> {
  const shares = { accountId: bob.accountId, symbol: 'FERN', quantity: '120' };
  await admin.call('LedgerAdminService/IssueShares', { idempotencyKey: randomUUID(), ...shares });
}

/** In the order of their times. */
export const othersMorning: readonly Act[] = [
  { at: '08:04', what: 'people register', run: register },
  { at: '08:18', what: 'shares are issued', run: issue },
  { at: '08:36', what: 'Bob buys JUNO', run: ({ bob }) => placeOrder(bob, marketTerms('BUY', 'JUNO', '30')) },
  {
    at: '09:10',
    what: 'Bob bids for the opening',
    run: ({ bob }) => placeOrder(bob, limitTerms('BUY', 'HUDS', '140', '58.40')),
  },
  { at: '10:02', what: 'GALE is halted', run: halt },
];
