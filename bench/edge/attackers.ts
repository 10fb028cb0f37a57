/** Clients that do harm, in a process of their own. */
import http2 from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import { serveTasks } from '../system/helper-process.ts';
import { callHeaders, streamHeaders } from './calls.ts';

/** What the process can be asked for. */
export type AttackTasks = typeof tasks;

const beatMs = 2;
const streamsAConnection = 250;

const tasks = { resetStreams, openStreams };

serveTasks(tasks);

/**
 * Opens calls at a rate and resets each, at once or after `resetAfterMs`; opens another connection whenever the server ends it.
 * Gives how many were reset and how many connections were ended.
 */
async function resetStreams(options: { port: number; perSecond: number; durationMs: number; resetAfterMs: number }) {
  const { port, perSecond, durationMs, resetAfterMs } = options;
  const attack = { resets: 0, connections_ended: 0 };
  let session = connect(port);
  const startMs = performance.now();
  for (let elapsedMs = 0; elapsedMs < durationMs; elapsedMs = performance.now() - startMs) {
    if (session.closed || session.destroyed) {
      attack.connections_ended += 1;
      session = connect(port);
    }
    for (
      const due = Math.floor((elapsedMs * perSecond) / 1_000);
      attack.resets < due && !session.closed;
      attack.resets++
    ) {
      const stream = openStream(session, callHeaders, '{"symbol":"ACME"}');
      if (resetAfterMs === 0) stream.close(http2.constants.NGHTTP2_CANCEL);
      else setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), resetAfterMs);
    }
    await sleep(beatMs);
  }
  session.destroy();
  return attack;
}

/** Opens so many streams at once, on as few connections as may be, and holds them for the duration. */
async function openStreams({ port, count, durationMs }: { port: number; count: number; durationMs: number }) {
  const sessions = Array.from({ length: Math.ceil(count / streamsAConnection) }, () => connect(port));
  await Promise.all(sessions.map((session) => new Promise((resolve) => session.once('remoteSettings', resolve))));
  let begun = 0;
  for (let index = 0; index < count; index++) {
    const session = sessions[Math.floor(index / streamsAConnection)] as http2.ClientHttp2Session;
    const stream = openStream(session, streamHeaders, grpcFrame(Buffer.from('{"symbols":["ACME"]}')));
    stream.once('data', () => {
      begun += 1;
    });
  }
  await sleep(durationMs);
  for (const session of sessions) session.destroy();
  return { begun };
}

function connect(port: number): http2.ClientHttp2Session {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  return session;
}

function openStream(session: http2.ClientHttp2Session, headers: http2.OutgoingHttpHeaders, body: string | Buffer) {
  const stream = session.request(headers);
  stream.on('error', () => {});
  stream.resume();
  stream.end(body);
  return stream;
}
