/** What is known of a call beside its request, as Connect carries it from the edge to the handlers. */
import { createContextKey } from '@connectrpc/connect';
import type { Caller } from '#platform/auth/claims.ts';
import { startTrace, type Trace } from '#platform/telemetry/trace-context.ts';

/** What the gate said of a call, with the headers of its answer that come from there. */
export type Admission = { headers: Record<string, string> } & ({ caller: Caller } | { refusal: unknown });

/** Where a call comes from, for the rate of callers without a valid token. */
export const remoteAddressKey = createContextKey('unknown', { description: 'remote address' });
/** The verified caller; set by the gate. */
export const callerKey = createContextKey<Caller>({}, { description: 'caller' });
/** The trace of the call; set before the gate. */
export const traceKey = createContextKey<Trace>(startTrace(), { description: 'trace' });
/** Set when the call was at the gate before Connect saw it: it counts once. */
export const admissionKey = createContextKey<Admission | undefined>(undefined, { description: 'admission' });
