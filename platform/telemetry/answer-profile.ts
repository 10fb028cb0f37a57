import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ProfileKind, ProfileRefusedError, profileSecondsMax, takeProfile } from './profile.ts';

const kinds: ReadonlySet<string> = new Set<ProfileKind>(['cpu', 'heap']);
const loopback = /^(?:::ffff:)?127\.|^::1$/;

/**
 * Answers POST /profile?kind=cpu&seconds=10 with a profile. Only callers on this machine get one (in a cluster: those who may forward a
 * port or enter the pod): taking it costs the process time. 403 from elsewhere, 400 for a wrong kind or time, 409 while another is taken.
 */
export async function answerProfile(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const answer = (status: number, body: string, type = 'text/plain; charset=utf-8') =>
    void response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  const kind = url.searchParams.get('kind') ?? 'cpu';
  const seconds = Number(url.searchParams.get('seconds') ?? 10);
  if (!loopback.test(request.socket.remoteAddress ?? '')) return answer(403, 'from this machine only\n');
  if (!isKind(kind)) return answer(400, 'kind is cpu or heap\n');
  if (!(seconds >= 1 && seconds <= profileSecondsMax)) return answer(400, `seconds is 1 to ${profileSecondsMax}\n`);
  try {
    answer(200, await takeProfile(kind, seconds), 'application/json');
  } catch (error) {
    if (error instanceof ProfileRefusedError) answer(409, `${error.message}\n`);
    else answer(500, 'the profile could not be taken\n');
  }
}

function isKind(text: string): text is ProfileKind {
  return kinds.has(text);
}
