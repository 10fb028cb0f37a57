/** Channels, shared by all clients of one address within the process. */
import type { ChannelInterface, ChannelOptions } from '@grpc/grpc-js';
import { Channel, credentials } from '@grpc/grpc-js';
import './silence-grpc-logs.ts';
import { createStreamChannels, type StreamChannels } from './stream-channels.ts';

/** A share in the channels to an address: one for unary calls, and those of streams. They close with their last share. */
export type ChannelShare = { channel: ChannelInterface; streams: StreamChannels; release(): void };

type Entry = { channel: ChannelInterface; streams: StreamChannels; shares: number };

const channels = new Map<string, Entry>();

// A restarted peer is found within a second; the service config is ours, not one from DNS; no proxy between services.
const options = {
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.service_config_disable_resolution': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_send_message_length': 4 * 1024 * 1024,
  'grpc.max_receive_message_length': 8 * 1024 * 1024,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
};

// Channels of equal options would share their connections.
const streamOptions = { ...options, 'grpc.use_local_subchannel_pool': 1 };

/** A share in the channels to `address`, a gRPC target such as `ipv4:127.0.0.1:9051,127.0.0.1:9052` or `dns:///order:9000`; the first share decides on the bounds. */
export function shareChannel(address: string, bounds?: { perChannelMax?: number }): ChannelShare {
  let entry = channels.get(address);
  if (entry === undefined) {
    const open = (channelOptions: ChannelOptions) => new Channel(address, credentials.createInsecure(), channelOptions);
    const streams = createStreamChannels(() => open(streamOptions), bounds);
    entry = { channel: open(options), streams, shares: 0 };
    channels.set(address, entry);
  }
  const shared = entry;
  shared.shares += 1;
  let released = false;
  return {
    channel: shared.channel,
    streams: shared.streams,
    release() {
      if (released) return;
      released = true;
      shared.shares -= 1;
      if (shared.shares > 0) return;
      channels.delete(address);
      shared.channel.close();
      shared.streams.close();
    },
  };
}
