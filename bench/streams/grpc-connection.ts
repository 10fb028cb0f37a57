/**
 * A connection of gRPC streams whose bytes are looked at as they come off the socket. A client library would take 15 us for each message of
 * a small stream, so that of a thousand messages at once the last would be measured 15 ms late by the reader alone.
 */
import net from 'node:net';
import {
  dataFrame,
  headersFrame,
  http2Preface,
  openWindows,
  pingAcks,
  settingsAck,
} from '../../gateway/testing/index.ts';
import { createFrameWalker } from './frame-walker.ts';

/** What a connection has to say. */
export type GrpcConnectionEvents = {
  /** Bytes of all streams, frame heads included. */
  onBytes(chunk: Buffer): void;
  /** A stream was ended by the server, or the connection was closed. */
  onBroken(): void;
};

/** A connection; streams are opened one after the other. */
export type GrpcConnection = {
  /** Opens a stream with this body; resolves with the first data of the stream. */
  open(path: string, body: Buffer): Promise<void>;
  close(): void;
};

/** Connects to a port of this machine, with windows that never close. */
export function connectGrpc(port: number, { onBytes, onBroken }: GrpcConnectionEvents): GrpcConnection {
  const socket = net.connect(port, '127.0.0.1');
  const waiting = new Map<number, () => void>();
  let nextId = 1;
  const walk = createFrameWalker({
    onData: (streamId) => {
      waiting.get(streamId)?.();
      waiting.delete(streamId);
    },
    onReset: onBroken,
    onSettings: () => socket.write(settingsAck),
    onPing: (frame) => socket.write(Buffer.concat(pingAcks(frame))),
  });
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    onBytes(chunk);
    walk(chunk);
  });
  socket.on('error', () => {});
  socket.on('close', onBroken);
  socket.write(Buffer.concat([http2Preface, ...openWindows]));
  return {
    open(path, body) {
      const id = nextId;
      nextId += 2;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(id, resolve);
      socket.write(Buffer.concat([headersFrame(id, headersOf(path)), dataFrame(id, body)]));
      return promise;
    },
    close() {
      socket.off('close', onBroken);
      socket.destroy();
    },
  };
}

function headersOf(path: string): Record<string, string> {
  const pseudo = { ':method': 'POST', ':scheme': 'http', ':path': path, ':authority': '127.0.0.1' };
  return { ...pseudo, 'content-type': 'application/grpc', te: 'trailers' };
}
