/** Which requests are plain enough for the lean handler. Whatever is unusual in the least goes to Connect. */
import { type Compression, compressionNegotiate } from '@connectrpc/connect/protocol';
import { parseGrpcTimeout } from '#platform/rpc/grpc-timeout.ts';
import { parseConnectTimeout } from '../call/call-deadline.ts';
import type { RequestHandler } from '../port/request-handler.ts';

type Request = Parameters<RequestHandler>[0];

/** What is read of the head of a request in the protocol of a content type. */
export type PlainHead = {
  readonly isGrpc: boolean;
  /** gRPC ends in trailers, which few clients of HTTP/1.1 read. */
  readonly isHttp2Only: boolean;
  readonly timeoutHeader: string;
  /** The header that says how the request is compressed. */
  readonly encodingHeader: string;
  /** The header that says how the answer may be compressed. */
  readonly acceptHeader: string;
};

/** What the head of a plain request says. */
export type PlainRequest<W extends PlainHead> = {
  wire: W;
  /** In ms, above 0; undefined without one. */
  timeoutMs: number | undefined;
  /** How the answer is compressed where it is long enough. */
  compression: Compression | undefined;
};

const hostPattern = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;
const hostsMax = 100;
const negotiatedMax = 100;

/** Reads heads of requests. `wires` are by content type, `acceptCompression` is what Connect is given, `bodyBytesMax` the longest body that is plain. */
export function createPlainReader<W extends PlainHead>(options: {
  wires: ReadonlyMap<string, W>;
  acceptCompression: Compression[];
  bodyBytesMax: number;
  /** Whether HTTP/1.1 need not say the length beforehand, as clients of streams do not. */
  isChunkedPlain?: boolean;
}) {
  const hosts = new Set<string>();
  const negotiated = new Map<string, Compression | undefined>();

  const isHost = (host: string | undefined): boolean => {
    if (host === undefined) return false;
    if (hosts.has(host)) return true;
    if (!hostPattern.test(host) || !URL.canParse(`http://${host}`)) return false;
    if (hosts.size < hostsMax) hosts.add(host);
    return true;
  };
  const negotiate = (accepted: string): Compression | undefined => {
    if (negotiated.has(accepted)) return negotiated.get(accepted);
    const { response } = compressionNegotiate(options.acceptCompression, null, accepted, '');
    if (negotiated.size < negotiatedMax) negotiated.set(accepted, response ?? undefined);
    return response ?? undefined;
  };
  const isChunked = ({ headers }: Request): boolean =>
    options.isChunkedPlain === true && headers['transfer-encoding'] === 'chunked';
  const isLengthPlain = (request: Request, length: string | undefined): boolean => {
    if (length === undefined) return request.httpVersionMajor === 2 || isChunked(request);
    return /^\d{1,7}$/.test(length) && Number(length) <= options.bodyBytesMax;
  };

  return (request: Request): PlainRequest<W> | undefined => {
    const { headers } = request;
    const wire = options.wires.get(headers['content-type'] ?? '');
    if (wire === undefined || request.method !== 'POST') return undefined;
    if (wire.isHttp2Only && request.httpVersionMajor !== 2) return undefined;
    if (!isHost(headers.host ?? textOf(headers[':authority']))) return undefined;
    if (!isLengthPlain(request, headers['content-length'])) return undefined;
    if (headers['transfer-encoding'] !== undefined && !isChunked(request)) return undefined;
    if (headers[wire.encodingHeader] !== undefined || headers.expect !== undefined) return undefined;
    const accepted = headers[wire.acceptHeader];
    const sentTimeout = headers[wire.timeoutHeader];
    if (typeof (accepted ?? '') !== 'string' || typeof (sentTimeout ?? '') !== 'string') return undefined;
    const timeoutMs = readTimeout(wire, textOf(sentTimeout));
    // Over before it began, or no timeout at all.
    if (timeoutMs !== undefined && !(timeoutMs > 0)) return undefined;
    return { wire, timeoutMs, compression: accepted ? negotiate(String(accepted)) : undefined };
  };
}

/** The timeout in ms; undefined without one, 0 for what is no timeout. */
function readTimeout(wire: PlainHead, sent: string | undefined): number | undefined {
  if (sent === undefined) return undefined;
  try {
    return wire.isGrpc ? parseGrpcTimeout(sent) : parseConnectTimeout(wire.timeoutHeader, sent);
  } catch {
    return 0;
  }
}

function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
