/** A caller who does nothing wrong, and how long its calls take. */
import http2 from 'node:http2';
import { runOpenLoop } from '../load/open-loop.ts';
import { callHeaders } from './calls.ts';

/** Calls at a steady rate for the duration and gives the latency of each, in ms. Rejects when one is not answered with 200. */
export async function callSteadily(options: {
  port: number;
  token: string;
  perSecond: number;
  durationMs: number;
  signal: AbortSignal;
}): Promise<number[]> {
  const { port, token, perSecond, durationMs, signal } = options;
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  const headers = { ...callHeaders, ...(token !== '' && { authorization: `Bearer ${token}` }) };
  const latenciesMs: number[] = [];
  const failures: string[] = [];
  const call = async (_: number, dueTimeMs: number) => {
    const status = await statusOf(session, headers);
    if (status === 200) latenciesMs.push(performance.now() - dueTimeMs);
    else failures.push(String(status));
  };
  const dueMs = Float64Array.from(
    { length: (perSecond * durationMs) / 1_000 },
    (_, index) => (index * 1_000) / perSecond,
  );
  const { unfinished } = await runOpenLoop({ dueMs, call, drainMs: 10_000, signal });
  session.destroy();
  if (failures.length + unfinished > 0) throw new Error(`${failures.length + unfinished} calls failed: ${failures[0]}`);
  return latenciesMs;
}

function statusOf(session: http2.ClientHttp2Session, headers: http2.OutgoingHttpHeaders): Promise<number | string> {
  return new Promise((resolve) => {
    const stream = session.request(headers);
    let status: number | string = 'no answer';
    stream.on('response', (answer) => {
      status = answer[':status'] ?? status;
    });
    stream.on('error', (error) => resolve(error.message));
    stream.on('close', () => resolve(status));
    stream.resume();
    stream.end('{"symbol":"ACME"}');
  });
}
