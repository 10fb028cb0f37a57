/** JSON logs on stdout with trace ids and redaction. */
import { pino } from 'pino';
import { currentTrace } from './trace-context.ts';

/** A structured logger; child loggers add fields. */
export type Logger = pino.Logger;

/** How much is logged. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

const secretFields = [
  'authorization',
  'cookie',
  'password',
  'currentPassword',
  'newPassword',
  'current_password',
  'new_password',
  'passwordHash',
  'password_hash',
  'token',
  'accessToken',
  'access_token',
  'refreshToken',
  'refresh_token',
  'knownDeviceToken',
  'known_device_token',
  'userToken',
  'user_token',
  'serviceToken',
  'apiKey',
  'api_key',
  'secret',
  'secrets',
  'serviceSecret',
  'signature',
  'privateKey',
  'private_key',
  '["x-outcry-service-token"]',
  '["set-cookie"]',
  '["outcry-signature"]',
];

// The same names at the top, one and two levels down: deeper objects are not logged.
const redactedPaths = ['', '*', '*.*'].flatMap((prefix) => secretFields.map((field) => join(prefix, field)));

/**
 * A logger that writes one JSON object a line to stdout, or to `destination`. Secrets are replaced by `[redacted]`;
 * inside a call or event each line has trace_id, span_id and request_id.
 */
export function createLogger(options: {
  service: string;
  level?: LogLevel;
  destination?: pino.DestinationStream;
}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      mixin: traceFields,
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

function traceFields(): Record<string, string> {
  const trace = currentTrace();
  if (trace === undefined) return {};
  return { trace_id: trace.traceId, span_id: trace.spanId, request_id: trace.requestId };
}

function join(prefix: string, field: string): string {
  if (prefix === '') return field;
  return field.startsWith('[') ? prefix + field : `${prefix}.${field}`;
}
