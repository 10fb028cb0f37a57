import type { MessageShape } from '@bufbuild/protobuf';
import { MailboxService, MailSchema } from '#gen/outcry/mailbox/v1/mailbox_pb.ts';
import {
  type Message,
  MessageKindSchema,
  MessageSchema,
  NotificationService,
  type StreamMessagesResponseSchema,
} from '#gen/outcry/notification/v1/notification_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import type { Input } from '../input/input.ts';
import type { Column } from '../output/table.ts';
import { enumWord, timeWord } from '../output/words.ts';
import { countOption, createCounter, watchOption } from './counter.ts';
import { follow } from './follow.ts';
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
    options: [{ name: 'unread', help: 'only those that were not read' }, limitOption, watchOption, countOption],
    run: (context, input) => (input.flag('watch') ? watchMessages(context, input) : listMessages(context, input)),
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

async function listMessages({ api, print }: CommandContext, input: Input) {
  const unreadOnly = input.flag('unread');
  const rows = await readPages(input, async (page) => {
    const answer = await api.call(NotificationService.method.listMessages, { ...page, unreadOnly });
    return { rows: answer.messages, nextPageToken: answer.nextPageToken };
  });
  print.list(MessageSchema, rows, { columns: messageColumns, empty: 'no messages' });
}

/** Shows each message that comes from now on. */
async function watchMessages({ api, print, signal }: CommandContext, input: Input) {
  const counter = createCounter(input);
  let resumeToken = '';
  const show = (message: Message) => {
    const words = [message.messageId, timeWord(message.createTime), enumWord(MessageKindSchema, message.kind)];
    print.line(MessageSchema, message, [...words, message.subject].join('  '));
  };
  const take = ({ message, resumeToken: token }: MessageShape<typeof StreamMessagesResponseSchema>) => {
    resumeToken = token === '' ? resumeToken : token;
    return message.case === 'added' ? counter.count([message.value], show) : true;
  };
  const method = NotificationService.method.streamMessages;
  await follow(api, { method, request: () => ({ resumeToken }), take, signal });
}
