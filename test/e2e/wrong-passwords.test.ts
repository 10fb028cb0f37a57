import { describe, expect, inject, it } from 'vitest';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import { refusalOf } from '../support/refusal.ts';
import { eventually } from '../support/wait.ts';

const client = createTestClient('connect', inject('sharedSystem').gatewayUrl);

type Tokens = { tokens: { refreshToken: string } };

describe('wrong passwords', () => {
  it('let the right one in at the same address and on a known device, and are reported to the owner', async () => {
    const investor = await registerInvestor(client, '');
    const { email, password } = investor;
    const { tokens } = (await client.call('SessionService/LogIn', { email, password })) as unknown as Tokens;
    for (let count = 0; count < 11; count += 1) {
      const refusal = await refusalOf(client.call('SessionService/LogIn', { email, password: 'not the password 7' }));
      expect(refusal.reason).toBe('CREDENTIALS_WRONG');
    }
    const knownDeviceToken = tokens.refreshToken;
    await expect(client.call('SessionService/LogIn', { email, password, knownDeviceToken })).resolves.toBeDefined();
    await expect(client.call('SessionService/LogIn', { email, password })).resolves.toBeDefined();
    const subject = await eventually('the owner is notified', async () => {
      const { messages = [] } = (await investor.call('NotificationService/ListMessages')) as {
        messages?: { kind: string; subject: string }[];
      };
      return messages.find(({ kind }) => kind === 'MESSAGE_KIND_SECURITY')?.subject;
    });
    expect(subject).toMatch(/^Wrong passwords for your account: 1[01] log-ins failed$/);
  });
});
