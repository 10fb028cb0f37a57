import { createGatewayCall, findOperatorTarget, logIn } from '../../supervisor/index.ts';
import type { Finding } from './finding.ts';

const timeoutMs = 3_000;

/** Finds events that were set aside, through the gateway; nothing when that does not answer, which other findings say. */
export async function judgeDeadLetters(data: string): Promise<Finding[]> {
  try {
    const target = findOperatorTarget({ data });
    const call = createGatewayCall(target.url, { timeoutMs });
    const token = await logIn(call, target.email, target.password);
    const { deadEvents } = await call('outcry.notification.v1.DeadEventAdminService/ListDeadEvents', {}, token);
    const events = Array.isArray(deadEvents) ? (deadEvents as { queue?: string }[]) : [];
    const queues = new Set(events.map(({ queue = '' }) => queue));
    return [...queues].map((queue) => {
      const count = events.filter((event) => event.queue === queue).length;
      return { code: 'dead-letters', subject: queue, detail: `${count} events or more were set aside` };
    });
  } catch {
    return [];
  }
}
