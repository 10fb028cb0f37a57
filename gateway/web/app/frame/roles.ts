/** What the person who is logged in may see. */
import { computed, effect, signal } from '@preact/signals';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import type { User } from '#gen/outcry/user/v1/user_pb.ts';
import { users } from '../rpc/clients.ts';
import { rest } from '../rpc/rest.ts';
import { isLoggedIn, personSignal } from '../rpc/session.ts';
import { forgetSaid } from './announce.ts';
import { closeNotices } from './notices.ts';

/** Who is logged in; undefined until it is read. */
export const profile = signal<User | undefined>(undefined);

/** Whether the screens of staff are shown. */
export const mayOperate = computed(() =>
  (profile.value?.roles ?? []).some((role) => role === Role.OPERATOR || role === Role.ADMIN),
);

const retryMs = { first: 250, max: 5_000 };

/** Reads the profile at each log-in, again and again until it is read. */
export function followProfile(): void {
  effect(() => {
    profile.value = undefined;
    closeNotices();
    forgetSaid();
    if (isLoggedIn.value) void readProfile(personSignal());
  });
}

async function readProfile(signal: AbortSignal): Promise<void> {
  for (let waitMs = retryMs.first; !signal.aborted; waitMs = Math.min(2 * waitMs, retryMs.max)) {
    const answer = await users.getProfile({}, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (answer !== undefined) {
      profile.value = answer.user;
      return;
    }
    await rest(waitMs, signal);
  }
}
