import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RegisterRequest, RegisterResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { runKeyed } from '#platform/idempotency/run-keyed.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/database.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { keyProblem } from '#platform/validation/request-fields.ts';
import { emailProblem, nameProblem, normaliseEmail, normaliseName } from '../domain/identity-rules.ts';
import { publishRegistered } from '../events/published.ts';
import { insertAccount } from '../store/insert-account.ts';
import type { UserDeps } from './deps.ts';
import { refuseProblems, refuseWeakPassword } from './request-fields.ts';

/**
 * Register. The password is hashed before anything is looked up, and a taken address gets an id as well, so neither the
 * answer nor its time tells who is registered. The key belongs to the address, and neither the password nor a hash of it
 * is kept under it: a repeat is compared by address and name.
 */
export async function register(
  deps: UserDeps,
  request: RegisterRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof RegisterResponseSchema>> {
  const email = normaliseEmail(request.email);
  const displayName = normaliseName(request.displayName);
  refuseProblems({
    idempotency_key: keyProblem(request.idempotencyKey),
    email: emailProblem(email),
    display_name: nameProblem(displayName),
  });
  refuseWeakPassword('password', request.password, email);
  const passwordHash = await deps.hasher.hash(request.password, context.signal);
  const userId = await deps.db.transaction((tx) =>
    runKeyed(tx, {
      scope: `register:${email}`,
      key: request.idempotencyKey,
      fingerprint: JSON.stringify([email, displayName]),
      run: () => addPerson(tx, deps, { email, displayName, passwordHash }),
      encode: (id) => Buffer.from(id),
      decode: (bytes) => Buffer.from(bytes).toString(),
    }),
  );
  return { userId };
}

async function addPerson(
  tx: Sql,
  deps: UserDeps,
  person: { email: string; displayName: string; passwordHash: string },
): Promise<string> {
  const accountId = uuidV7(deps.nowMs());
  const account = await insertAccount(tx, {
    ...person,
    accountId,
    houseName: null,
    roles: ['user'],
    conditions: deps.defaultConditions,
  });
  if (account !== undefined) await publishRegistered(tx, account);
  return accountId;
}
