/** The process that follows the feed while orders flow. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { ExchangeFeedService, FollowRequestSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { serveTasks } from '../system/helper-process.ts';
import { FeedScan } from './feed-scan.ts';
import { connectRaw } from './raw-client.ts';

/** The tasks of this process. */
export type FollowersTasks = {
  /** Opens `followers` streams from the start of the feed, each on a connection of its own. */
  follow(options: { port: number; followers: number; token: string }): Promise<void>;
  /** The sequence of each follower's last event, and its number of events. Rejects when one has failed. */
  positions(options: object): Promise<{ lastSequence: number; eventCount: number }[]>;
};

const scans: FeedScan[] = [];
let failure: Error | undefined;

serveTasks({
  async follow({ port, followers, token }) {
    const request = Buffer.from(toBinary(FollowRequestSchema, create(FollowRequestSchema, { shard: 0 })));
    for (let follower = 0; follower < followers; follower++) {
      const scan = new FeedScan(0);
      scans.push(scan);
      void read(connectRaw(port, token).stream(ExchangeFeedService.method.follow, request), scan);
    }
  },
  async positions() {
    if (failure) throw failure;
    return scans.map(({ lastSequence, eventCount }) => ({ lastSequence, eventCount }));
  },
} satisfies FollowersTasks);

async function read(stream: ClientReadableStream<Buffer>, scan: FeedScan): Promise<void> {
  try {
    for await (const response of stream) scan.read(response);
    failure ??= new Error('a stream of the feed has ended');
  } catch (error) {
    failure ??= error instanceof Error ? error : new Error(String(error));
  }
}
