/** Answers calls of RPCs that do not exist, each in the form of its protocol. */
import type { UniversalHandlerFn, UniversalServerResponse } from '@connectrpc/connect/protocol';
import { Code } from '#platform/errors/code.ts';
import type { RequestHandler } from '../port/one-port-server.ts';
import { frame, type JsonError, once } from './error-forms.ts';

const rpcPath = /^\/[A-Za-z_][\w.]*\.[A-Za-z_]\w*\/[A-Za-z_]\w*$/;
const unaryTypes = /^application\/(?:json|proto)\b/;
const endStreamFlag = 0x02;
const trailerFlag = 0x80;
const message = 'there is no such RPC';
const error: JsonError = { code: 'unimplemented', message };

/** Whether the request is meant to be an RPC: its path is that of one, and it is made as a call of one of the protocols is. */
export function looksLikeCall(path: string, { method, headers, url }: Parameters<RequestHandler>[0]): boolean {
  if (!rpcPath.test(path)) return false;
  const contentType = headers['content-type'] ?? '';
  if (method === 'GET') return /[?&]encoding=/.test(url ?? '');
  if (method !== 'POST') return false;
  return /^application\/(?:grpc|connect\+)/.test(contentType) || unaryTypes.test(contentType);
}

/** UNIMPLEMENTED in the form that the caller's protocol has for it; its details are completed as those of every error. */
export const answerUnknownRpc: UniversalHandlerFn = async ({ header }) => {
  const contentType = header.get('content-type') ?? '';
  if (contentType.startsWith('application/grpc-web')) return withLastFrame(contentType, trailerFlag, trailerText());
  if (contentType.startsWith('application/connect+')) {
    return withLastFrame(contentType, endStreamFlag, JSON.stringify({ error }));
  }
  if (contentType.startsWith('application/grpc')) {
    return { status: 200, header: new Headers({ 'content-type': contentType }), trailer: new Headers(status()) };
  }
  const body = once(Buffer.from(JSON.stringify(error)));
  return { status: 501, header: new Headers({ 'content-type': 'application/json' }), body };
};

function withLastFrame(contentType: string, flag: number, content: string): UniversalServerResponse {
  return { status: 200, header: new Headers({ 'content-type': contentType }), body: once(frame(flag, content)) };
}

function trailerText(): string {
  return Object.entries(status())
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

function status() {
  return { 'grpc-status': String(Code.UNIMPLEMENTED), 'grpc-message': encodeURIComponent(message) };
}
