/** Messages and their kinds in words. */
import { MessageKind } from '#gen/outcry/notification/v1/notification_pb.ts';

const kinds: Partial<Record<MessageKind, string>> = {
  [MessageKind.WELCOME]: 'Welcome',
  [MessageKind.ORDER]: 'Orders: opened, ended',
  [MessageKind.FILL]: 'Fills',
  [MessageKind.TRANSFER]: 'Deposits and withdrawals',
  [MessageKind.ALERT]: 'Price alerts',
  [MessageKind.AUTOMATION]: 'Automation',
  [MessageKind.SECURITY]: 'Security',
};

/** A kind of message in words. */
export function messageKindText(kind: MessageKind): string {
  return kinds[kind] ?? 'Other';
}

/** The unread count for a link: nothing, the count, or 99+. */
export function countText(count: number): string {
  return count === 0 ? '' : count > 99 ? '99+' : String(count);
}
