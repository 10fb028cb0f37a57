/**
 * Follows the inbox while somebody is logged in: by one stream for all windows of this browser, whose messages the others are sent. It is
 * a part of its own, read after the page.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { effect } from '@preact/signals';
import {
  type StreamMessagesResponse,
  StreamMessagesResponseSchema,
} from '#gen/outcry/notification/v1/notification_pb.ts';
import { announce } from '../../frame/announce.ts';
import { unreadCount } from '../../frame/unread-count.ts';
import { failureOf } from '../../rpc/failure.ts';
import { follow } from '../../rpc/follow.ts';
import { inOwnSlot } from '../../rpc/own-slot.ts';
import { isLoggedIn } from '../../rpc/session.ts';
import { type InboxNews, unknownInbox, withStreamed } from './inbox-state.ts';
import { createNewMessages } from './new-messages.ts';
import { notifications } from './notifications.ts';

type Listener = (news: InboxNews) => void;
const listeners = new Set<Listener>();
let state = unknownInbox;

/** Runs `listener` for what is new. Returns what ends that. */
export function onInboxNews(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Begins to follow, for as long as the page lives. */
export function followInbox(): void {
  let current = new AbortController();
  effect(() => {
    current.abort();
    current = new AbortController();
    state = unknownInbox;
    unreadCount.value = 0;
    if (isLoggedIn.value) followAsOne(current.signal);
  });
}

const newMessages = createNewMessages((text) => announce(text, 'inbox'));

function take(streamed: StreamMessagesResponse): void {
  const next = withStreamed(state, streamed);
  state = next.state;
  unreadCount.value = state.unreadCount;
  const { news } = next;
  if (news === undefined) return;
  // Where several windows are in view, the one that is used says it.
  if (news.kind === 'added' && document.hasFocus()) newMessages.add(news.message);
  for (const listener of listeners) listener(news);
}

function followAsOne(signal: AbortSignal): void {
  const windows = new BroadcastChannel('outcry.inbox');
  signal.addEventListener('abort', () => windows.close());
  let isReader = false;
  const send = (streamed: StreamMessagesResponse) =>
    isReader && !signal.aborted && windows.postMessage(toBinary(StreamMessagesResponseSchema, streamed));
  windows.onmessage = ({ data }: MessageEvent<Uint8Array | 'hello'>) => {
    if (data === 'hello') {
      if (state !== unknownInbox) send(stateMessage());
    } else if (!isReader) take(fromBinary(StreamMessagesResponseSchema, data));
  };
  // The window that reads, if there is one, answers with where it stands.
  windows.postMessage('hello');
  void follow<StreamMessagesResponse>(
    {
      inTurn: (until, work) => inOwnSlot('inbox', until, work),
      stream: async function* (until) {
        isReader = true;
        try {
          yield* notifications.streamMessages({ resumeToken: state.resumeToken }, { signal: until });
        } catch (error) {
          // The token has lost its place, or is of who was logged in before: all is read again.
          if (failureOf(error).reason === 'PAGE_TOKEN_INVALID') state = unknownInbox;
          throw error;
        } finally {
          isReader = false;
        }
      },
      onMessage(streamed) {
        take(streamed);
        send(streamed);
      },
    },
    signal,
  );
}

/** The state of this window as a snapshot, whose messages are in the lists of the server. */
function stateMessage(): StreamMessagesResponse {
  return create(StreamMessagesResponseSchema, { ...state, message: { case: 'snapshot', value: {} } });
}
