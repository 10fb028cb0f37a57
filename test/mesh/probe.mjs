// Runs inside a pod: makes the calls of `globalThis.calls` and prints their outcomes, in order, as JSON. It speaks plain HTTP/2 or TCP,
// so that only the mesh decides.
import http2 from 'node:http2';
import net from 'node:net';

const callTimeoutMs = 5_000;
const sessions = new Map();

function sessionOf(host) {
  const known = sessions.get(host);
  if (known !== undefined && !known.closed && !known.destroyed) return known;
  const session = http2.connect(`http://${host}`);
  session.on('error', () => {});
  sessions.set(host, session);
  return session;
}

// An empty message as gRPC frames it. No token goes with it: a call that the mesh lets through is refused by the service itself.
function callRpc({ host, path, headers }) {
  return new Promise((resolve) => {
    const session = sessionOf(host);
    const result = { status: 0, grpcStatus: '', message: '' };
    const finish = (error) => {
      clearTimeout(timer);
      stream.destroy();
      resolve(error === undefined ? result : { ...result, error: String(error.code ?? error.message) });
    };
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    const timer = setTimeout(finish, callTimeoutMs);
    const read = (received) => {
      result.status = received[':status'] ?? result.status;
      result.grpcStatus = received['grpc-status'] ?? result.grpcStatus;
      result.message = decodeURIComponent(received['grpc-message'] ?? result.message);
    };
    stream.on('response', read);
    stream.on('trailers', read);
    // A stream that has begun to answer was let through.
    stream.on('data', () => finish());
    stream.on('end', () => finish());
    stream.on('error', finish);
    session.on('error', finish);
    stream.end(Buffer.alloc(5));
  });
}

// Reads what the peer sends until it has the text that the call waits for, the connection ends, or the time is over.
function callTcp({ host, serverFirst, send, until }) {
  return new Promise((resolve) => {
    const [name, port] = host.split(':');
    const socket = net.connect({ host: name, port: Number(port), timeout: callTimeoutMs });
    let answer = '';
    const finish = () => {
      socket.destroy();
      resolve({ answer });
    };
    socket.once(serverFirst ? 'data' : 'connect', () => socket.write(Buffer.from(send, 'latin1')));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.includes(until)) finish();
    });
    for (const ending of ['end', 'error', 'timeout']) socket.on(ending, finish);
  });
}

const results = [];
for (const call of globalThis.calls) results.push(await (call.path === undefined ? callTcp(call) : callRpc(call)));
for (const session of sessions.values()) session.destroy();
// A connection that is dropped, not refused, would hold the process for minutes.
process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit());
