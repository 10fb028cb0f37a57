/** The gateway's settings, from the environment. */
import type { Environment } from '#platform/config/env.ts';
import { collect, flag, integer, text } from '#platform/config/env.ts';

/** What the gateway needs to run. */
export type GatewayConfig = {
  /** Calls a second that one caller may send on average. */
  callsPerSecondMax: number;
  /** Calls that one caller may send at once. */
  callsBurstMax: number;
  /** Greatest request message, in bytes. */
  requestBytesMax: number;
  /** Origins whose scripts may call; `*` for all. */
  corsOrigins: string[];
  /** Whether x-forwarded-for names the caller; only behind an ingress that sets it. */
  trustForwardedFor: boolean;
  /** Whether streams of the market are fanned out here rather than forwarded one by one. */
  sharesStreams: boolean;
  /** Age at which streams of the market end with a token, in ms. */
  streamAgeMaxMs: number;
};

/** Reads the settings; throws ConfigError with every problem at once. */
export function readGatewayConfig(env: Environment): GatewayConfig {
  return collect<GatewayConfig>({
    callsPerSecondMax: () => integer(env, 'GATEWAY_CALLS_PER_SECOND_MAX', { default: 200, min: 1, max: 1_000_000 }),
    callsBurstMax: () => integer(env, 'GATEWAY_CALLS_BURST_MAX', { default: 400, min: 1, max: 1_000_000 }),
    requestBytesMax: () => integer(env, 'GATEWAY_REQUEST_BYTES_MAX', { default: 256 << 10, min: 1_024, max: 4 << 20 }),
    corsOrigins: () =>
      text(env, 'GATEWAY_CORS_ORIGINS', '*')
        .split(',')
        .map((origin) => origin.trim()),
    trustForwardedFor: () => flag(env, 'GATEWAY_TRUST_FORWARDED_FOR', false),
    sharesStreams: () => flag(env, 'GATEWAY_SHARED_STREAMS', true),
    streamAgeMaxMs: () => integer(env, 'GATEWAY_STREAM_AGE_MAX_MS', { default: 900_000, min: 1_000, max: 1_500_000 }),
  });
}
