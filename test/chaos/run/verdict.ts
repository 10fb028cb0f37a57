/** The end of a run in words. */
import type { FaultRecord } from '../faults/run-faults.ts';
import { describeFindings } from '../judge/finding.ts';
import { notMadeRule } from '../judge/judge.ts';
import { countFaults } from '../schedule/plan-faults.ts';
import { isSettled, type Operation } from '../traffic/operations.ts';
import type { RunResult } from './run-chaos.ts';

const lostRules = /^(acknowledged|final|call-is-answered|answers-agree)/;
const doubledRules = /once|one-order|one-transfer|asked-for/;

/** The counts of each victim, a line each: `order-0  kill 10, freeze 10`. */
export function describeCounts(faults: readonly FaultRecord[]): string[] {
  const done = faults.filter(({ failure }) => failure === undefined);
  const byVictim = Map.groupBy(done, ({ victim }) => victim);
  return [...byVictim.keys()].sort().map((victim) => {
    const counts = [...countFaults(byVictim.get(victim) ?? [])].sort();
    return `${victim.padEnd(22)} ${counts.map(([name, count]) => `${name.slice(victim.length + 1)} ${count}`).join(', ')}`;
  });
}

/** What clients saw, in lines. */
export function describeTraffic({ operations, trafficMs }: RunResult): string[] {
  const placed = operations.filter(({ kind }) => kind === 'place');
  const answered = placed.filter(isSettled);
  const orders = answered.filter(({ answers }) => answers[0]?.kind === 'done');
  const filled = orders.filter((operation) => /_(PARTIALLY_)?FILLED$/.test(statusOf(operation)));
  const replaced = operations.filter(({ kind }) => kind === 'replace');
  const changed = replaced.filter(({ answers }) => answers[0]?.kind === 'done');
  const resent = operations.filter(({ lost }) => lost.length > 0);
  const share = Math.round((100 * filled.length) / Math.max(1, orders.length));
  const rate = (1_000 * operations.length) / Math.max(1, trafficMs);
  return [
    `calls: ${operations.length} (${rate.toFixed(0)} a second), ${resent.length} of them sent again as their answer was lost`,
    `kinds of call: ${describeCountsOf(operations.map(({ kind }) => kind))}`,
    `changes: ${changed.length} made of ${replaced.length}`,
    `orders: ${placed.length} sent, ${orders.length} placed, ${share} % filled in the answer`,
    `lost answers: ${describeLost(operations)}`,
    `refusals: ${describeRefusals(operations)}`,
  ];
}

/** The verdict in one line, and what it rests on. `run` names the run, `steps` what was done to the system. */
export function describeVerdict(result: RunResult, seed: number, { run = 'chaos', steps = 'faults' } = {}): string[] {
  const { findings, faults, operations, quietMs, quietMsMax } = result;
  const count = (rules: RegExp) => findings.filter(({ rule }) => rules.test(rule)).length;
  const missing = findings.filter(({ rule }) => rule === notMadeRule).map(({ subject }) => subject);
  const isMissing = (name: RegExp) => missing.some((subject) => subject === 'all' || name.test(subject));
  // What was not looked at is not zero and not clean.
  const counted = (rules: RegExp) => (isMissing(/clients/) ? 'unknown' : String(count(rules)));
  const isDirty = findings.some(({ rule }) => rule.startsWith('audit'));
  const audit = isMissing(/^audit$/) ? 'NOT MADE' : isDirty ? 'not clean' : 'clean';
  const final = findings.some(({ rule }) => rule === 'quiet-in-time' || rule === 'saga-is-final') ? 'not all' : 'all';
  const facts = [
    `${faults.length} ${steps}`,
    `${operations.length} calls`,
    `${counted(lostRules)} acknowledged lost`,
    `${counted(doubledRules)} doubled`,
    `audit ${audit}`,
    `${final} sagas final after ${(quietMs / 1_000).toFixed(1)} s (${quietMsMax / 1_000} allowed)`,
    `seed ${seed}`,
  ];
  const verdict = findings.length === 0 ? 'PASSED' : `FAILED with ${findings.length} findings`;
  return [...describeFindings(findings), `${run}: ${verdict}: ${facts.join(', ')}`];
}

function statusOf({ answers }: Operation): string {
  const [answer] = answers;
  return answer?.kind === 'done' ? (answer.order?.status ?? '') : '';
}

function describeLost(operations: readonly Operation[]): string {
  return describeCountsOf(operations.flatMap(({ lost }) => lost));
}

function describeRefusals(operations: readonly Operation[]): string {
  const reasons = operations.flatMap(({ answers: [answer] }) =>
    answer?.kind === 'refused' ? [answer.reason || answer.code] : [],
  );
  return describeCountsOf(reasons);
}

function describeCountsOf(names: readonly string[]): string {
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, found]) => `${name} ${found.length}`);
  return counts.length === 0 ? 'none' : counts.sort().join(', ');
}
