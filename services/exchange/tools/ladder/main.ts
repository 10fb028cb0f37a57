// `npm run book -- SYMBOL`: the live ladder of a book of the running system, until Ctrl-C. If the output is not a terminal, it prints the
// book once. Exit code 0; 1 if the system does not run or there is no such book; 2 for a wrong command line.
//
//   --once           print the book once and exit
//   --depth N        levels of each side (default: as many as fit, 10 if the output is not a terminal)
//   --data DIR       data folder of the running system (default .outcry)
//   --address ADDR   another exchange, as a gRPC target; SERVICE_KEY_FILE is the key file of market, which signs the call
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { type ServiceKeys, serviceKeysInFiles } from '#platform/auth/service-keys.ts';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { projectDirectory } from '../../../../scripts/tool.ts';
import { isRunning, readRunFile, readServiceKeys } from '../../../../supervisor/index.ts';
import { findBook, followBook } from './follow-book.ts';
import { renderLadder } from './render-ladder.ts';
import { openScreen } from './screen.ts';

const usage = 'usage: npm run book -- SYMBOL [--once] [--depth N] [--data DIR] [--address ADDR]';
const depthDefault = 10;
const depthMax = 1_000;
const widthDefault = 80;
/** Lines of a ladder beside the levels. */
const otherLines = 6;
/** The service in whose name the books are read. */
const reader = 'market';

class UsageError extends Error {}

type Target = { address: string; keys: Pick<ServiceKeys, 'readOwn'> };

function findTarget(address: string | undefined, dataDirectory: string): Target {
  if (address !== undefined) {
    const { SERVICE_KEY_FILE: own = '' } = process.env;
    return { address, keys: serviceKeysInFiles({ own, public: '' }) };
  }
  const run = readRunFile(dataDirectory);
  if (run?.state !== 'ready' || !isRunning(run.supervisor)) {
    throw new Error(
      `nothing runs on ${dataDirectory}; start it with \`npm start\`, or name an exchange with --address`,
    );
  }
  const ports = run.processes.filter(({ name }) => name === 'exchange').map(({ port }) => `127.0.0.1:${port}`);
  return { address: `ipv4:${ports.join(',')}`, keys: readServiceKeys(dataDirectory, reader) };
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      once: { type: 'boolean', default: false },
      depth: { type: 'string' },
      data: { type: 'string', default: '.outcry' },
      address: { type: 'string' },
    },
  });
  const [symbol, ...more] = positionals;
  const depth = values.depth === undefined ? undefined : Number(values.depth);
  const isDepth = depth === undefined || (Number.isInteger(depth) && depth >= 1 && depth <= depthMax);
  if (symbol === undefined || more.length > 0 || !isDepth) throw new UsageError(usage);
  return { ...values, symbol, depth };
}

async function showBook(): Promise<void> {
  const { symbol, depth, once, data, address } = readArguments();
  const target = findTarget(address, resolve(projectDirectory, data));
  const serviceToken = createServiceTokenSource(reader, target.keys);
  await using feed = createRpcClient(ExchangeFeedService, { address: target.address, serviceToken });
  const { stdout } = process;
  const stop = new AbortController();
  const { signal } = stop;
  if (once || !stdout.isTTY) {
    const { book } = await findBook({ feed, symbol, signal });
    const options = { depth: depth ?? depthDefault, width: stdout.columns ?? widthDefault, notice: '' };
    stdout.write(`${renderLadder(book, { ...options, color: false }).join('\n')}\n`);
    return;
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop.abort());
  using screen = openScreen(stdout);
  const fitting = () => Math.max(1, Math.floor(((stdout.rows ?? 24) - otherLines) / 2));
  let lines = () => [symbol, '', 'connecting'];
  const show = (next: () => string[]) => {
    lines = next;
    screen.draw(lines);
  };
  stdout.on('resize', () => screen.draw(lines));
  await followBook({
    feed,
    symbol,
    signal,
    onWaiting: (notice) => show(() => [symbol, '', notice]),
    onChange: (book, notice) =>
      show(() =>
        renderLadder(book, { depth: depth ?? fitting(), width: stdout.columns ?? widthDefault, color: true, notice }),
      ),
  });
}

try {
  await showBook();
} catch (error) {
  console.error(`book: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof UsageError || (error instanceof TypeError && 'code' in error) ? 2 : 1;
}
