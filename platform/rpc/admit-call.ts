/** Decides whether a call may begin, and on whose behalf. */
import { isIP } from 'node:net';
import type { DescMethod } from '@bufbuild/protobuf';
import type { Metadata } from '@grpc/grpc-js';
import type { AccessRule } from '#gen/outcry/access/v1/access_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { accessRule, checkAccess, gatewayService } from '#platform/auth/access.ts';
import { namesApiKey } from '#platform/auth/api-keys.ts';
import type { Authenticator, Credentials } from '#platform/auth/authenticator.ts';
import type { Caller } from '#platform/auth/claims.ts';
import { clientAddressKey, serviceTokenKey, userTokenKey } from '#platform/auth/claims.ts';
import type { OutcryError } from '#platform/errors/outcry-error.ts';
import { internal, resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { MethodRuntime, ServerRuntime } from './server-runtime.ts';

const anonymous: Caller = Object.freeze({});
const retryDelayMs = 100;

/** What carries a call. */
type Connection = { getPeer?(): string };

/**
 * The caller, once the limits and the access rule of the RPC let the call through. Health checks are answered also under overload,
 * and to any caller. Throws RESOURCE_EXHAUSTED, UNAUTHENTICATED or PERMISSION_DENIED.
 */
export function admitCall(
  { server, rule }: MethodRuntime,
  metadata: Metadata,
  connection: Connection = {},
): Caller | Promise<Caller> {
  const { limits, streams, unaryCalls, authenticator } = server;
  if (metadataBytes(metadata) > limits.metadataBytesMax) throw metadataTooLarge();
  if (streams.size > limits.streamsOpenMax) throw overloaded('streams');
  if (rule === undefined) return anonymous;
  if (unaryCalls.size > limits.callsInFlightMax) throw overloaded('calls');
  const authorization = metadataText(metadata, userTokenKey);
  const serviceToken = metadataText(metadata, serviceTokenKey);
  // The gateway exchanges keys for tokens: a key comes from where the connection comes from.
  const clientAddress = namesApiKey(authorization) ? peerAddressOf(connection) : undefined;
  return checkedCaller(authenticator, rule, { authorization, serviceToken, clientAddress });
}

// `address:port`, of which an IPv6 address has colons itself.
function peerAddressOf(connection: Connection): string | undefined {
  const address = connection
    .getPeer?.()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');
  return address !== undefined && isIP(address) !== 0 ? address : undefined;
}

/**
 * The user behind one item of a call that carries items of several users, admitted as a call of `method` with the user's token would be.
 * Throws UNAUTHENTICATED or PERMISSION_DENIED, or rejects with it.
 */
export function admitItem(
  { authenticator }: ServerRuntime,
  method: DescMethod,
  { userToken, service }: { userToken: string; service: string | undefined },
): Caller | Promise<Caller> {
  const rule = accessRule(method);
  if (rule === undefined) throw internal(new Error(`${method.name} states no access rule`));
  const asItem = (caller: Caller): Caller => (service === undefined ? caller : { ...caller, service });
  const caller = checkedCaller(authenticator, rule, { authorization: `Bearer ${userToken}` });
  return caller instanceof Promise ? caller.then(asItem) : asItem(caller);
}

// Waits for nothing when the tokens are known: a turn of the microtask queue is a tenth of what a call costs here.
function checkedCaller(
  authenticator: Authenticator,
  rule: AccessRule,
  credentials: Credentials,
): Caller | Promise<Caller> {
  const known = authenticator.recall?.(credentials);
  if (known !== undefined) {
    checkAccess(rule, known);
    return known;
  }
  return authenticator.authenticate(credentials).then((caller) => {
    checkAccess(rule, caller);
    return caller;
  });
}

/** The client's IP address as the gateway states it; undefined without one, or when another caller states it. */
export function clientAddressOf({ service }: Caller, metadata: Metadata): string | undefined {
  const address = service === gatewayService ? metadataText(metadata, clientAddressKey) : undefined;
  return address !== undefined && isIP(address) !== 0 ? address : undefined;
}

/** The first value of a text key; undefined when there is none. */
export function metadataText(metadata: Metadata, key: string): string | undefined {
  const value = metadata.get(key)[0];
  return typeof value === 'string' ? value : undefined;
}

// grpc-js stores it in a map, of which its own getters make copies.
function metadataBytes(metadata: Metadata): number {
  const stored: unknown = Reflect.get(metadata, 'internalRepr');
  const entries = stored instanceof Map ? (stored as Map<string, unknown[]>) : new Map<string, unknown[]>();
  if (!(stored instanceof Map)) for (const [key, value] of Object.entries(metadata.getMap())) entries.set(key, [value]);
  let bytes = 0;
  for (const [key, values] of entries) {
    for (const value of values) bytes += key.length + (value as string | Buffer).length;
  }
  return bytes;
}

function metadataTooLarge(): OutcryError {
  return resourceExhausted(ErrorReason.MESSAGE_TOO_LARGE, 'the metadata is over the size that the server takes');
}

function overloaded(what: string): OutcryError {
  return resourceExhausted(ErrorReason.OVERLOADED, `the server has too many ${what} in progress`, { retryDelayMs });
}
