import { useState } from 'preact/hooks';
import type { Message } from '#gen/outcry/notification/v1/notification_pb.ts';
import { TimeCell } from '../floor/order-columns.tsx';
import { messageKindText } from './inbox-text.ts';
import { notifications } from './notifications.ts';

/** A message: its subject, and once it is opened its text. */
export function MessageItem({ message }: { message: Message }) {
  const [isOpen, setOpen] = useState(false);
  const [isMarked, setMarked] = useState(false);
  const isRead = isMarked || message.readTime !== undefined;
  const open = () => {
    setOpen(!isOpen);
    if (isOpen || isRead) return;
    setMarked(true);
    // Where this fails the message stays unread, and is marked when it is opened again.
    notifications.markMessageRead({ messageId: message.messageId }).catch(() => setMarked(false));
  };
  const textId = `message-${message.messageId}`;
  return (
    <li class={isRead ? 'letter' : 'letter unread'}>
      <button type="button" aria-expanded={isOpen} aria-controls={isOpen ? textId : undefined} onClick={open}>
        <span class="subject">
          {!isRead && <span class="hidden">Unread: </span>}
          {message.subject}
        </span>
        <span class="about">{messageKindText(message.kind)}</span>
        <span class="about">
          <TimeCell time={message.createTime} />
        </span>
      </button>
      {isOpen && (
        <p id={textId} class="letter-text">
          {message.text}
        </p>
      )}
    </li>
  );
}
