import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeUnreached, smokeProgram } from './smoke-program.ts';

const services = ['outcry.order.v1.OrderService', 'outcry.user.v1.SessionService'];

/** Runs the program against a gateway behind which these services serve. */
async function printedOf(serving: readonly string[]): Promise<string> {
  const server = createServer((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.once('end', () => {
      const status = serving.some((name) => body.includes(name)) ? 'SERVING' : 'NOT_SERVING';
      response.end(request.url === '/' ? '<html>' : JSON.stringify({ status }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  try {
    const program = smokeProgram(services, `http://127.0.0.1:${port}`);
    return (await promisify(execFile)(process.execPath, ['-e', program], { timeout: 15_000 })).stdout;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('smokeProgram', () => {
  it('finds nothing at a gateway that answers and reaches all', async () => {
    expect(describeUnreached(await printedOf(services), services)).toEqual([]);
  });

  it('names a service that the gateway does not reach', async () => {
    const unreached = describeUnreached(await printedOf(services.slice(1)), services);
    expect(unreached).toEqual(['NOT_SERVING to outcry.order.v1.OrderService']);
  });
});

describe('describeUnreached', () => {
  it('names all when nothing was printed', () => {
    expect(describeUnreached('', services)).toHaveLength(5);
  });
});
