import type { Duration } from '@bufbuild/protobuf/wkt';
import {
  type DescribedService,
  DescribedServiceSchema,
  type FoundSlowCall,
  FoundSlowCallSchema,
  OperationsService,
} from '#gen/outcry/gateway/v1/operations_pb.ts';
import { type FeedLag, ProcessRoleSchema } from '#gen/outcry/process/v1/process_pb.ts';
import type { Command } from '../command/command.ts';
import { exitCode } from '../command/exit-code.ts';
import type { Column } from '../output/table.ts';
import { enumWord, timeWord } from '../output/words.ts';

const callsMax = 200;

const serviceColumns: readonly Column<DescribedService>[] = [
  { title: 'SERVICE', value: ({ service }) => service },
  { title: 'PROCESS', value: ({ process, failure }) => process?.name ?? `no answer: ${failure}` },
  { title: 'ROLE', value: ({ process }) => (process ? enumWord(ProcessRoleSchema, process.role) : '') },
  { title: 'SINCE', value: ({ process }) => timeWord(process?.startTime) },
  { title: 'LEASES', value: ({ process }) => (process?.leases ?? []).map(({ name }) => name).join(', ') },
  { title: 'BEHIND', value: ({ process }) => (process?.feeds ?? []).filter(isBehind).map(behindWord).join(', ') },
  { title: 'OUTBOX', value: ({ process }) => process?.outbox?.events.toString() ?? '', isNumber: true },
];

const callColumns: readonly Column<FoundSlowCall>[] = [
  { title: 'CALL', value: ({ call }) => call?.method.replace(/^outcry\.\w+\.v\d+\./, '') ?? '' },
  { title: 'SECONDS', value: ({ call }) => secondsWord(call?.duration), isNumber: true },
  { title: 'ENDED', value: ({ call }) => timeWord(call?.endTime) },
  { title: 'CODE', value: ({ call }) => call?.code ?? '' },
  { title: 'PROCESS', value: ({ process }) => process },
  { title: 'TRACE', value: ({ call }) => call?.traceId ?? '' },
];

/** What operators see of the processes. */
export const operationsCommands: readonly Command[] = [
  {
    name: 'services',
    summary: 'each service with its leases and what it is behind (operators)',
    details: 'Ends with 1 when a service does not answer. With --json everything that is known.',
    async run({ api, print }) {
      const { services } = await api.call(OperationsService.method.describeServices, {});
      print.list(DescribedServiceSchema, services, { columns: serviceColumns, empty: 'no services' });
      return services.some(({ failure }) => failure !== '') ? exitCode.failed : exitCode.done;
    },
  },
  {
    name: 'slow-calls',
    summary: 'the slowest calls of the last 15 minutes (operators)',
    async run({ api, print }) {
      const { calls } = await api.call(OperationsService.method.findSlowCalls, { callsMax });
      print.list(FoundSlowCallSchema, calls, { columns: callColumns, empty: 'no calls' });
    },
  },
];

function isBehind({ entriesBehind, halted }: FeedLag): boolean {
  return halted || entriesBehind > 0n;
}

function behindWord({ feed, entriesBehind, behind, halted }: FeedLag): string {
  return halted ? `${feed} halted` : `${feed} ${entriesBehind} entries, ${secondsWord(behind)} s`;
}

function secondsWord(duration: Pick<Duration, 'seconds' | 'nanos'> | undefined): string {
  return duration === undefined ? '0.000' : (Number(duration.seconds) + duration.nanos / 1e9).toFixed(3);
}
