/** What is recorded of one call that has ended: its span, by OpenTelemetry's conventions for RPCs, and at a server whether it was slow. */
import type { DescMethod } from '@bufbuild/protobuf';
import { Code, codeName } from '#platform/errors/code.ts';
import { reasonName } from '#platform/errors/details.ts';
import type { OutcryError } from '#platform/errors/outcry-error.ts';
import { isRecorded, recordSpan, SpanKind } from '#platform/telemetry/spans.ts';
import { childTrace, type Trace } from '#platform/telemetry/trace-context.ts';
import { slowCalls } from './slow-calls.ts';

/** A call that has ended; `startTimeMs` is of `performance.now()`. */
export type EndedCall = { method: DescMethod; startTimeMs: number; code: Code; error?: OutcryError | undefined };

// The codes that are a fault of the server; all others are answers that a caller may get for what it asked. A client has CANCELLED besides.
const faults: ReadonlySet<Code> = new Set([
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.UNIMPLEMENTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
]);

/** Records a call at the server that answered it, where it is one to record, and notes it where it is among the slowest. */
export function recordServerCall(trace: Trace, call: EndedCall): void {
  slowCalls.note(trace, call);
  if (isWanted(trace, call)) record(trace, SpanKind.SERVER, call);
}

/** Records a call at its client. `trace` is of the call where `ofClient` has given it a span, else of what made the call. */
export function recordClientCall(trace: Trace, call: EndedCall): void {
  if (isWanted(trace, call)) record(trace.isSampled ? trace : childTrace(trace), SpanKind.CLIENT, call);
}

function isWanted(trace: Trace, { method, startTimeMs, code }: EndedCall): boolean {
  return isRecorded(trace, { startTimeMs, isFault: faults.has(code), isBounded: method.methodKind === 'unary' });
}

function record(trace: Trace, kind: SpanKind, { method, startTimeMs, code, error }: EndedCall): void {
  const attributes = {
    'rpc.system.name': 'grpc',
    'rpc.method': `${method.parent.typeName}/${method.name}`,
    'rpc.response.status_code': codeName(code),
    'outcry.request_id': trace.requestId,
    ...(error && { 'error.type': reasonName(error.reason) }),
  };
  const fault = faults.has(code) ? codeName(code) : undefined;
  recordSpan(trace, { name: attributes['rpc.method'], kind, startTimeMs, attributes, fault });
}
