import { setTimeout as sleep } from 'node:timers/promises';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { AuditService, type Finding, type PassProgress, type Verdict } from '#gen/outcry/audit/v1/audit_pb.ts';
import { startTimer } from '#platform/time/timer.ts';
import { createGatewayCall, logIn, type OperatorTarget } from '../../supervisor/index.ts';

/** What a full pass has come to, with its findings, or the first of them. */
export type AuditAnswer = { verdict: Verdict; findings: Finding[] };

// A service that has just been started again can be read within seconds.
const attemptsMax = 6;
const pauseMs = 2_000;
// A pass says every ten seconds how far it is.
const silenceMsMax = 120_000;

/**
 * Runs a full pass as one of the staff, who logs in for it. A pass that could not read a store is made again, for 10 s. Rejects with the
 * last error, and when nothing is heard of a pass for two minutes; one that takes longer than the ten minutes of a log-in ends with it.
 *
 * @param findingsMax findings to return, 1 to 1000; all are counted
 * @param onProgress called every ten seconds
 */
export async function runAudit(
  target: OperatorTarget,
  findingsMax: number,
  onProgress: (progress: PassProgress) => void = () => {},
): Promise<AuditAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(target, findingsMax, onProgress);
    } catch (error) {
      if (attempt === attemptsMax || ConnectError.from(error).code !== Code.Unavailable) throw error;
      await sleep(pauseMs);
    }
  }
}

async function runOnce(
  { url, email, password }: OperatorTarget,
  findingsMax: number,
  onProgress: (progress: PassProgress) => void,
): Promise<AuditAnswer> {
  const accessToken = await logIn(createGatewayCall(url), email, password);
  // A connection of its own, so that none is left open that would hold the process.
  const nodeOptions = { agent: false } as const;
  const client = createClient(AuditService, createConnectTransport({ baseUrl: url, httpVersion: '1.1', nodeOptions }));
  const headers = { authorization: `Bearer ${accessToken}` };
  const findings: Finding[] = [];
  const silent = new AbortController();
  using silence = startTimer(silenceMsMax, () => silent.abort(new Error('nothing is heard of the audit any more')));
  for await (const { message } of client.runAudit({ findingsMax }, { headers, signal: silent.signal })) {
    silence.restart();
    if (message.case === 'finding') findings.push(message.value);
    if (message.case === 'progress') onProgress(message.value);
    if (message.case !== 'verdict') continue;
    const verdict = message.value;
    if (verdict.failure !== '') throw new ConnectError(verdict.failure, Code.Unavailable);
    return { verdict, findings };
  }
  throw new ConnectError('the pass ended without a verdict', Code.Unavailable);
}
