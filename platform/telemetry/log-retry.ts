import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import type { Logger } from './logger.ts';

/**
 * Logs a failure after which the work is tried again. An unreachable peer (UNAVAILABLE) is logged at level info, with message and
 * code only; any other failure is a warning with its stack.
 */
export function logRetry(logger: Logger, fields: Record<string, unknown>, error: unknown, message: string): void {
  if (!(error instanceof OutcryError) || error.code !== Code.UNAVAILABLE) {
    logger.warn({ ...fields, error }, message);
    return;
  }
  const channelFault = error.cause instanceof Error ? { cause: error.cause.message } : {};
  logger.info({ ...fields, code: 'UNAVAILABLE', reason: error.message, ...channelFault }, message);
}
