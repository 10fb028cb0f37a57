// Stands in for a service: every call fails as UNAVAILABLE, with the number of tries in its message.
import http from 'node:http';
import http2 from 'node:http2';

const tries = new Map();
const server = http2.createServer();
server.on('stream', (stream, headers) => {
  const key = headers['x-probe'];
  const count = (tries.get(key) ?? 0) + 1;
  tries.set(key, count);
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '14', 'grpc-message': `try ${count}` },
    { endStream: true },
  );
});
server.listen(9000, '0.0.0.0');
http.createServer((_request, response) => response.end('ok\n')).listen(9464, '0.0.0.0');
