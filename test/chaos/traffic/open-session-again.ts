import { renewToken, type User } from './open-market.ts';

const openings = new WeakMap<User, Promise<void>>();

/** Opens a session again whose access token has ended, once for all calls of the user that wait for it. Never rejects. */
export async function openSessionAgain(gatewayUrls: readonly string[], user: User): Promise<void> {
  const [url = ''] = gatewayUrls;
  const open = async () => {
    user.token = await renewToken(url.replace('localhost', '127.0.0.1'), user).catch(() => user.token);
    openings.delete(user);
  };
  const opening = openings.get(user) ?? open();
  openings.set(user, opening);
  await opening;
}
