// Stands in for a service. A call says how its first two tries end (`x-ends`: unavailable, refused or reset); the third is answered UNAVAILABLE, and every
// such answer has the number of tries in its message. Without it the phase of the pod decides, of those in `globalThis.phases`, one after the other;
// after the last the pod is well: it answers OK, with an empty message and its name in a header.
import http from 'node:http';
import http2 from 'node:http2';

const tries = new Map();
const startTimeMs = performance.now();
let answered = 0;

const head = { ':status': 200, 'content-type': 'application/grpc', 'x-answered-by': 'stand-in' };
const refuse = (stream, message) =>
  stream.respond({ ...head, 'grpc-status': '14', 'grpc-message': message }, { endStream: true });

function end(stream, how, message) {
  if (how === 'unavailable') refuse(stream, message);
  else if (how === 'refused') stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
  else if (how === 'reset') stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  else if (how === 'well') answer(stream);
}

function answer(stream) {
  answered += 1;
  stream.respond(head, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.alloc(5));
}

function phase() {
  let leftMs = performance.now() - startTimeMs;
  for (const { how, seconds } of globalThis.phases ?? []) {
    leftMs -= seconds * 1_000;
    if (leftMs < 0) return how;
  }
  return 'well';
}

const server = http2.createServer();
server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  const key = headers['x-probe'];
  if (key === undefined) return end(stream, phase(), phase());
  const count = (tries.get(key) ?? 0) + 1;
  tries.set(key, count);
  end(stream, count < 3 ? headers['x-ends'] : 'unavailable', `try ${count}`);
});
server.listen(9000, '0.0.0.0');
http.createServer((_request, response) => response.end(`${phase()} ${answered}\n`)).listen(9464, '0.0.0.0');
