import { createHash, createHmac } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RegisterRequest, RegisterResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { keyProblem } from '#platform/validation/request-fields.ts';
import { addPerson } from '../accounts/add-account.ts';
import type { UserDeps } from '../deps.ts';
import {
  emailProblem,
  nameProblem,
  normaliseEmail,
  normaliseName,
  passwordFormProblem,
} from '../domain/identity-rules.ts';
import { refuseProblems, refuseWeakPassword } from './request-fields.ts';

const saltBytes = 16;

/**
 * Register. The password is hashed before anything is looked up, and a taken address gets an id as well, so neither the answer nor
 * its time shows who is registered. The key belongs to the address. Throws KEY_REUSED for a repeat with another name or password.
 */
export async function register(
  deps: UserDeps,
  request: RegisterRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof RegisterResponseSchema>> {
  const { idempotencyKey, password } = request;
  const email = normaliseEmail(request.email);
  const displayName = normaliseName(request.displayName);
  refuseProblems({
    idempotency_key: keyProblem(idempotencyKey),
    email: emailProblem(email),
    password: passwordFormProblem(password),
    display_name: nameProblem(displayName),
  });
  const passwordHash = await deps.hasher.hash({
    password,
    salt: saltOf(deps, email, idempotencyKey),
    lane: { name: `register ${context.clientAddress ?? ''}`, isTrusted: false },
    signal: context.signal,
    before: () => refuseWeakPassword('password', password, { email, displayName }),
  });
  const userId = await deps.db.transaction((tx) =>
    runIdempotent(tx, {
      scope: `register:${email}`,
      key: idempotencyKey,
      fingerprint: JSON.stringify([email, displayName, digestOf(passwordHash)]),
      run: async () => {
        const accountId = uuidV7(deps.nowMs());
        await addPerson(tx, deps, { accountId, email, displayName, passwordHash, roles: ['user'] });
        return accountId;
      },
      encode: (id) => Buffer.from(id),
      decode: (bytes) => Buffer.from(bytes).toString(),
    }),
  );
  return { userId };
}

/**
 * The salt of a registration, the same at each repeat, so that equal passwords have equal hashes; without the service's secret it
 * cannot be known beforehand.
 */
function saltOf({ registrationSecret }: UserDeps, email: string, key: string): Uint8Array {
  const mac = createHmac('sha256', registrationSecret)
    .update(JSON.stringify([email, key]))
    .digest();
  return mac.subarray(0, saltBytes);
}

// What lies under the key can be compared with, but no password can be tried against it without its salt and a whole argon2 hash.
function digestOf(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('base64url');
}
