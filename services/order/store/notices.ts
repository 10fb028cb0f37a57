/** The PostgreSQL notifications between replicas. They say that something can be read, never what it is. */

import { accountPayloads } from '#platform/postgres/account-notices.ts';

/** One notification. */
export type Notice = { channel: string; payload: string };

/** Carries ids of accounts with a change, separated by commas. */
export const accountsChannel = 'order_accounts';
/** Carries `<shard>:<sequence>` up to which a feed was applied. */
export const positionsChannel = 'order_positions';
/** Carries the id of an account whose trading conditions changed. */
export const conditionsChannel = 'order_conditions';

/** Notices for these accounts. */
export function accountNotices(accountIds: Iterable<string>): Notice[] {
  return accountPayloads(accountIds).map((payload) => ({ channel: accountsChannel, payload }));
}

/** Notice for a feed's position. */
export function positionNotice(shard: number, sequence: bigint): Notice {
  return { channel: positionsChannel, payload: `${shard}:${sequence}` };
}

/** The position in a notice; undefined when the payload is none, as after a lost connection. */
export function parsePositionNotice(payload: string): { shard: number; sequence: bigint } | undefined {
  const match = /^(\d{1,9}):(\d{1,19})$/.exec(payload);
  return match ? { shard: Number(match[1]), sequence: BigInt(match[2] as string) } : undefined;
}
