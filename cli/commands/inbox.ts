import { MailboxService, MailSchema } from '#gen/outcry/mailbox/v1/mailbox_pb.ts';
import {
  type Message,
  MessageKindSchema,
  MessageSchema,
  NotificationService,
} from '#gen/outcry/notification/v1/notification_pb.ts';
import type { Command } from '../command/command.ts';
import type { Column } from '../output/table.ts';
import { enumWord, timeWord } from '../output/words.ts';
import { limitOption, readPages } from './pages.ts';

const messageColumns: readonly Column<Message>[] = [
  { title: 'MESSAGE', value: ({ messageId }) => messageId },
  { title: 'TIME', value: ({ createTime }) => timeWord(createTime) },
  { title: 'KIND', value: ({ kind }) => enumWord(MessageKindSchema, kind) },
  { title: 'READ', value: ({ readTime }) => (readTime === undefined ? '' : 'yes') },
  { title: 'SUBJECT', value: ({ subject }) => subject },
];

/** Messages and mails. */
export const inboxCommands: readonly Command[] = [
  {
    name: 'inbox',
    summary: 'your messages, newest first',
    options: [{ name: 'unread', help: 'only those that were not read' }, limitOption],
    async run({ api, print }, input) {
      const unreadOnly = input.flag('unread');
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(NotificationService.method.listMessages, { ...page, unreadOnly });
        return { rows: answer.messages, nextPageToken: answer.nextPageToken };
      });
      print.list(MessageSchema, rows, { columns: messageColumns, empty: 'no messages' });
    },
  },
  {
    name: 'inbox read',
    summary: 'show a message and mark it as read',
    arguments: [{ name: 'MESSAGE', help: 'its id' }],
    async run({ api, print }, input) {
      const { message } = await api.call(NotificationService.method.markMessageRead, { messageId: input.at(0) });
      if (message === undefined) return;
      const fields = messageColumns.map(({ title, value }) => [title.toLowerCase(), value(message)] as const);
      print.one(MessageSchema, message, [...fields, ['text', message.text]]);
    },
  },
  {
    name: 'mails',
    summary: 'the mails to your address, where the mailbox of the demo takes them',
    options: [limitOption],
    async run({ api, print }, input) {
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(MailboxService.method.listMails, page);
        return { rows: answer.mails, nextPageToken: answer.nextPageToken };
      });
      print.list(MailSchema, rows, {
        columns: [
          { title: 'TIME', value: ({ receiveTime }) => timeWord(receiveTime) },
          { title: 'FROM', value: ({ from }) => from },
          { title: 'SUBJECT', value: ({ subject }) => subject },
        ],
        empty: 'no mails',
      });
    },
  },
];
