// A service as the supervisor sees one: a gRPC port, an admin port with /readyz, an ordered end on SIGTERM. What it does wrong is
// said by a variable that carries its name, as MIDDLE_BEHAVIOUR for the stub `middle`:
// die-before-ready, never-ready, ignore-sigterm or slow-stop. MIDDLE_DIES_WHILE names a file: while it is there, the stub ends.
import { appendFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const exitCode = 7;
const slowStopMs = 1_500;
const lookIntervalMs = 20;

const name = (process.env.OUTCRY_REPLICA ?? '').replace(/-\d+$/, '');
const variable = (suffix: string): string | undefined => process.env[`${name.toUpperCase()}_${suffix}`];
const behaviour = variable('BEHAVIOUR');
const traceFile = variable('TRACE_FILE');

function trace(event: string): void {
  if (traceFile) appendFileSync(traceFile, `${process.env.OUTCRY_REPLICA} ${event}\n`);
}

function log(level: string, msg: string): void {
  process.stdout.write(`${JSON.stringify({ level, service: name, msg })}\n`);
}

async function stop(): Promise<void> {
  if (behaviour === 'ignore-sigterm') return;
  trace('stopping');
  if (behaviour === 'slow-stop') await sleep(slowStopMs);
  trace('stopped');
  process.exit(0);
}

function databaseAnswers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => resolve(true));
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => resolve(false));
  });
}

process.on('SIGTERM', () => void stop());
trace('started');
log('info', 'started');
if (behaviour === 'die-before-ready') {
  log('fatal', 'the stub cannot start');
  process.stderr.write('Error: last words of the stub\n');
  process.exit(exitCode);
}

function dieWhile(path: string): void {
  if (!existsSync(path)) return;
  log('fatal', 'the stub was ended');
  process.exit(exitCode);
}
const deadlyFile = variable('DIES_WHILE');
if (deadlyFile) {
  dieWhile(deadlyFile);
  setInterval(() => dieWhile(deadlyFile), lookIntervalMs);
}
const port = Number(process.env.OUTCRY_PORT);
createTcpServer().listen(port, process.env.OUTCRY_HOST);
createServer((_request, response) => {
  const url = process.env.DATABASE_URL;
  const answer = async (): Promise<boolean> => behaviour !== 'never-ready' && (!url || (await databaseAnswers(url)));
  void answer().then((ready) => {
    response.writeHead(ready ? 200 : 503).end();
  });
}).listen(Number(process.env.OUTCRY_ADMIN_PORT), process.env.OUTCRY_HOST);
