import { useEffect, useState } from 'preact/hooks';
import type { User } from '#gen/outcry/user/v1/user_pb.ts';
import { userAdmin } from './staff-clients.ts';

const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The account whose whole id the text is, read by itself unless it is among the known ones; undefined while there is none. */
export function useUserById(text: string, known: readonly User[]): User | undefined {
  const [found, setFound] = useState<User | undefined>(undefined);
  const isWanted = idPattern.test(text) && !known.some(({ userId }) => userId === text);
  useEffect(() => {
    if (!isWanted) return;
    const ended = new AbortController();
    userAdmin.getUser({ userId: text }, { signal: ended.signal }).then(
      ({ user }) => setFound(user),
      () => {},
    );
    return () => ended.abort();
  }, [text, isWanted]);
  return isWanted && found?.userId === text ? found : undefined;
}
