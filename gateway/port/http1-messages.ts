/** Node's HTTP/1.1 messages, but for what happens when a call is answered before its request is complete. */
import http from 'node:http';

/** A request. When its reader stops early, the connection stays open, since the answer still has to leave. */
export class Http1Request extends http.IncomingMessage {
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.socket.destroyed) super._destroy(error, callback);
    else callback(error);
  }

  /** Whether the connection can be used for another request after the answer: what is missing of this one is short. */
  isReadableToEnd(bytesMax: number): boolean {
    if (this.complete) return true;
    const { 'transfer-encoding': encoding, 'content-length': length } = this.headers;
    return !this.destroyed && encoding === undefined && Number(length ?? 0) <= bytesMax;
  }
}

type Headers = http.OutgoingHttpHeaders | http.OutgoingHttpHeader[];

/** Responses that say `connection: close` when more than `discardedBytesMax` bytes of the request may be missing. */
export function http1ResponseClass(discardedBytesMax: number) {
  return class Http1Response extends http.ServerResponse<Http1Request> {
    override writeHead(statusCode: number, textOrHeaders?: string | Headers, headers?: Headers): this {
      if (!this.req.isReadableToEnd(discardedBytesMax)) this.shouldKeepAlive = false;
      return super.writeHead(statusCode, textOrHeaders as string, headers);
    }
  };
}
