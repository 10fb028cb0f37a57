/** Tables of an account as files of CSV, for browsers and spreadsheets. The rows come from the ledger part by part, and leave as the client reads. */
import { once } from 'node:events';
import { ExportedTable, type ExportTableResponse, LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { runWithTrace, type Trace } from '#platform/telemetry/trace-context.ts';
import type { Gate } from '../admission/admit.ts';
import { remoteAddressOf, traceOf } from '../call/call-facts.ts';
import type { RequestHandler } from '../port/request-handler.ts';
import { refuseMethod, sendRefusal } from './send-refusal.ts';

type Request = Parameters<RequestHandler>[0];
type Response = Parameters<RequestHandler>[1];

/** What the handler works with. */
export type ExportHandlerOptions = {
  ledger: Pick<RpcClient<typeof LedgerService>, 'exportTable'>;
  gate: Gate;
  trustForwardedFor: boolean;
  logger: Logger;
};

/** The paths and their tables. */
export const exportPaths: ReadonlyMap<string, ExportedTable> = new Map([
  ['/exports/statement.csv', ExportedTable.STATEMENT],
  ['/exports/transfers.csv', ExportedTable.TRANSFERS],
]);

const timeoutMs = 10 * 60_000;

/**
 * Answers GET with a file, to whom the RPC of the table would answer: `Authorization: Bearer` is required, and `account_id` in the query names
 * another account for staff. A file that ends early breaks its connection, so that no part of it is taken for the whole.
 */
export function createExportHandler(options: ExportHandlerOptions) {
  return (path: string, request: Request, response: Response): void => {
    if (request.method !== 'GET') {
      refuseMethod(response, 'GET');
      return;
    }
    const trace = traceOf(request);
    response.setHeader('x-request-id', trace.requestId);
    sendTable(options, { path, request, response, trace }).catch((error) => {
      options.logger.debug({ err: error, path, request_id: trace.requestId }, 'a table was not sent');
      if (response.headersSent) response.destroy();
      else sendRefusal(response, error);
    });
  };
}

type Export = { path: string; request: Request; response: Response; trace: Trace };

async function sendTable(options: ExportHandlerOptions, { path, request, response, trace }: Export): Promise<void> {
  const caller = await options.gate({
    method: LedgerService.method.exportTable,
    authorization: request.headers.authorization,
    remoteAddress: remoteAddressOf(request, options.trustForwardedFor),
    setHeader: (name, value) => response.setHeader(name, value),
  });
  const left = new AbortController();
  response.once('close', () => left.abort());
  const query = new URLSearchParams((request.url ?? '').split('?')[1]);
  const table = { accountId: query.get('account_id') ?? '', table: exportPaths.get(path) };
  const userToken = caller.user?.token;
  const call = { signal: left.signal, timeoutMs, ...(userToken !== undefined && { userToken }) };
  const parts = options.ledger.exportTable(table, call)[Symbol.asyncIterator]();
  // The call is made at the first pull, which must happen inside the trace that it carries on.
  const next = () => runWithTrace(trace, () => parts.next());
  const first = await next();
  response.writeHead(200, headersOf(path));
  for (let part = first; !part.done; part = await next()) await write(response, part.value, left.signal);
  response.end();
}

async function write(response: Response, { csv }: ExportTableResponse, signal: AbortSignal): Promise<void> {
  if (!response.write(csv)) await once(response, 'drain', { signal });
}

function headersOf(path: string): Record<string, string> {
  return {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${path.split('/').at(-1)}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
}
