import { KeepSessionAliveResponseSchema, OrderSchema, OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { pause } from '#platform/time/pause.ts';
import type { Command, CommandContext } from '../command/command.ts';
import type { Input } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { replaceOrder } from '../journal/keyed-rpcs.ts';
import { timeWord } from '../output/words.ts';
import { countOption, createCounter } from './counter.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { orderFields } from './order-columns.ts';
import { readTime, readTrail } from './order-kinds.ts';

const ttlSecondsDefault = 30;
/** So often in its time to live a session is renewed. */
const renewalsPerTtl = 3;

/** Changes open orders, and binds orders to a session. */
export const replaceCommands: readonly Command[] = [
  {
    name: 'replace',
    summary: 'change quantity, prices, trail or expiry of an open order',
    details:
      'What is not named stays. With the same price and no more shares than before the order keeps its place in the book.',
    arguments: [{ name: 'ORDER', help: 'its id' }],
    options: [
      { name: 'quantity', value: 'SHARES', help: 'all shares of the order, filled ones included' },
      { name: 'limit', value: 'PRICE', help: 'limit; of a stop the worst price' },
      { name: 'stop', value: 'PRICE', help: 'stop price, while the order waits' },
      { name: 'trail', value: 'TRAIL', help: 'distance of a trailing stop, 2.50 or 1.5%' },
      { name: 'expire', value: 'TIME', help: 'cancel it at this time, such as 2026-12-24T18:00:00Z; of --tif gtd' },
      { name: 'revision', value: 'REVISION', help: 'only if the order has this revision' },
      keyOption,
    ],
    run: replace,
  },
  {
    name: 'keep-session',
    summary: 'renew a session until Ctrl-C; then its orders are cancelled',
    details:
      'Orders that were placed with --session NAME are cancelled when the session was not renewed for its time to live.',
    arguments: [{ name: 'NAME', help: 'your name for the session' }],
    options: [
      {
        name: 'ttl',
        value: 'SECONDS',
        help: `how long it lives without a renewal, 1 to 3600 (default ${ttlSecondsDefault})`,
      },
      { ...countOption, help: 'end after so many renewals' },
    ],
    run: renewSession,
  },
];

async function replace(context: CommandContext, input: Input): Promise<undefined> {
  const trail = readTrail(input.text('trail'));
  const change = {
    quantity: input.decimal('quantity'),
    limitPrice: input.decimal('limit'),
    stopPrice: input.decimal('stop'),
    trailAmount: trail.case === 'trailAmount' ? trail.value : undefined,
    trailPercent: trail.case === 'trailPercent' ? trail.value : undefined,
    expireTime: readTime(input.text('expire')),
  };
  if (Object.values(change).every((value) => value === undefined)) {
    throw new UsageError('replace needs what is to be changed, such as --quantity or --limit');
  }
  const expectedRevision = input.whole('revision', { min: 1, max: 999_999_999 });
  await callKeyed(keyedContext(context), {
    rpc: replaceOrder,
    request: { orderId: input.at(0), expectedRevision, ...change },
    key: input.text('key'),
    show({ order }) {
      if (order !== undefined) context.print.one(OrderSchema, order, orderFields(order));
    },
  });
}

async function renewSession({ api, print, signal }: CommandContext, input: Input): Promise<undefined> {
  const seconds = input.whole('ttl', { min: 1, max: 3_600 }) ?? ttlSecondsDefault;
  const counter = createCounter(input);
  const request = { sessionId: input.at(0), ttl: { seconds: BigInt(seconds) } };
  while (!signal.aborted) {
    const answer = await api.call(OrderService.method.keepSessionAlive, request);
    const show = () => print.line(KeepSessionAliveResponseSchema, answer, `lives until ${timeWord(answer.expireTime)}`);
    if (!counter.count([answer], show)) return;
    await pause((seconds * 1_000) / renewalsPerTtl, signal);
  }
}
