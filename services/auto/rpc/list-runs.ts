import type { ListRunsRequest } from '#gen/outcry/auto/v1/auto_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { listRuns as readRuns } from '../store/list-runs.ts';
import { toRunMessage } from './messages/run-message.ts';
import { requireRule } from './request-fields.ts';

/** One page of a rule's runs. */
export async function listRuns({ db }: AutoDeps, request: ListRunsRequest, context: CallContext) {
  const { ruleId } = await requireRule(db, context, request.ruleId);
  const list = `runs:${ruleId}`;
  const { cursor, limit } = readPage(request, { list });
  const found = await readRuns(db, { ruleId, cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ runId }) => runId });
  return { runs: rows.map(toRunMessage), nextPageToken };
}
