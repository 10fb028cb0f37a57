import getPort from 'get-port';

/**
 * A port that is free now. It is below the ports that the system hands out by itself, to sockets that listen on any port and to those that
 * connect: none of them takes it before the server that it is for has started, or while that is away. Nor does a whole system, whose ranges are lower.
 */
export function freePort(): Promise<number> {
  return getPort({ port: Array.from({ length: 20 }, () => 28_000 + Math.floor(Math.random() * 4_700)) });
}
