/** What is said of new messages: in one sentence those that come within a second. */
import { type Message, MessageKind } from '#gen/outcry/notification/v1/notification_pb.ts';

const mergeMs = 1_000;

// The states of orders are said of the orders themselves.
const saidElsewhere: readonly MessageKind[] = [MessageKind.ORDER, MessageKind.FILL];

/** Says each message once: with a text that a later one within the second takes the place of. */
export function createNewMessages(say: (text: string) => void) {
  let count = 0;
  return {
    add({ kind, subject }: Pick<Message, 'kind' | 'subject'>): void {
      if (saidElsewhere.includes(kind)) return;
      count += 1;
      say(count === 1 ? `New message: ${subject}.` : `${count} new messages, the last: ${subject}.`);
      if (count > 1) return;
      setTimeout(() => {
        count = 0;
      }, mergeMs);
    },
  };
}
