/** Channels, shared by all clients of one address within the process. */
import type { ChannelInterface } from '@grpc/grpc-js';
import { Channel, credentials } from '@grpc/grpc-js';
import './silence-grpc-logs.ts';

/** A share in a channel; the channel closes with its last share. */
export type ChannelShare = { channel: ChannelInterface; release(): void };

const channels = new Map<string, { channel: ChannelInterface; shares: number }>();

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

/** A share in the channel to `address`, a gRPC target such as `ipv4:127.0.0.1:9051,127.0.0.1:9052` or `dns:///order:9000`. */
export function shareChannel(address: string): ChannelShare {
  let entry = channels.get(address);
  if (entry === undefined) {
    entry = { channel: new Channel(address, credentials.createInsecure(), options), shares: 0 };
    channels.set(address, entry);
  }
  const shared = entry;
  shared.shares += 1;
  let released = false;
  return {
    channel: shared.channel,
    release() {
      if (released) return;
      released = true;
      shared.shares -= 1;
      if (shared.shares > 0) return;
      channels.delete(address);
      shared.channel.close();
    },
  };
}
