import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { fromStatusBytes } from '#platform/errors/details.ts';
import { findChromium, launchChromium } from '#platform/testing/browser.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import type { GrpcWebPage } from '../support/grpc-web-script.ts';

const { gatewayUrl } = inject('sharedSystem');
const script = fileURLToPath(new URL('../support/grpc-web-script.ts', import.meta.url));
const chromiumPath = findChromium();
let elsewhere: Server;
let browser: Browser | undefined;
let page: Page;

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  elsewhere = createServer((_request, response) => response.end('<title>Elsewhere</title>'));
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium(chromiumPath);
  page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
  const { outputFiles } = await build({
    entryPoints: [script],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2024',
  });
  await page.evaluate(outputFiles[0]?.text ?? '');
});
afterAll(async () => {
  await browser?.close();
  elsewhere?.close();
});
beforeEach((context) => requireOrSkip(context, chromiumPath !== undefined, 'no Chromium is installed'));

function run<K extends keyof GrpcWebPage>(name: K, ...args: unknown[]): ReturnType<GrpcWebPage[K]> {
  const parameters = [gatewayUrl, ...args].map((value) => JSON.stringify(value)).join(', ');
  return page.evaluate(`outcry.${name}(${parameters})`) as ReturnType<GrpcWebPage[K]>;
}

describe("Google's gRPC-web client in a browser, in text mode, from another origin", () => {
  it('calls a unary RPC', async () => {
    expect(await run('listSymbols')).toContain('ACME');
  });

  it('reads an error with its details', async () => {
    const { code, details } = await run('listOrdersAnonymously');
    expect(code).toBe(16);
    expect(fromStatusBytes(Buffer.from(details, 'base64')).reason).toBe(ErrorReason.TOKEN_MISSING);
  });

  it('reads the messages of a server stream as they come', async () => {
    const symbols = ['ACME', 'BOLT'];
    const received = await run('readQuotes', symbols, 5);
    expect(received.length).toBeGreaterThanOrEqual(5);
    expect([...new Set(received)].toSorted()).toEqual(symbols);
  });
});
