import type { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { listRuns as readRuns } from '../store/list-runs.ts';
import { runMessage } from './messages/run-message.ts';
import { requireRule } from './rule-access.ts';

/** ListRuns. */
export function listRuns({ db }: AutoDeps): Implementation<typeof AutoService>['listRuns'] {
  return async (request, context) => {
    const { ruleId } = await requireRule(db, context, request.ruleId);
    const list = `runs:${ruleId}`;
    const { cursor, limit } = readPage(request, { list });
    const found = await readRuns(db, { ruleId, cursor, limit: limit + 1 });
    const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ runId }) => runId });
    return { runs: rows.map(runMessage), nextPageToken };
  };
}
