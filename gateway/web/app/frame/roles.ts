/** What the person who is logged in may see. */
import { computed, effect, signal } from '@preact/signals';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import type { User } from '#gen/outcry/user/v1/user_pb.ts';
import { users } from '../rpc/clients.ts';
import { isLoggedIn } from '../rpc/session.ts';

/** Who is logged in; undefined until it is read. */
export const profile = signal<User | undefined>(undefined);

/** Whether the screens of staff are shown. */
export const mayOperate = computed(() =>
  (profile.value?.roles ?? []).some((role) => role === Role.OPERATOR || role === Role.ADMIN),
);

/** Reads the profile at each log-in. */
export function followProfile(): void {
  effect(() => {
    profile.value = undefined;
    if (!isLoggedIn.value) return;
    users.getProfile({}).then(
      ({ user }) => {
        if (isLoggedIn.peek()) profile.value = user;
      },
      () => {},
    );
  });
}
