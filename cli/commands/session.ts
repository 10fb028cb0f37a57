import { randomUUID } from 'node:crypto';
import { RoleSchema } from '#gen/outcry/access/v1/access_pb.ts';
import { AccountStateSchema } from '#gen/outcry/user/v1/conditions_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { RegisterResponseSchema, UserSchema, UserService } from '#gen/outcry/user/v1/user_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { UsageError } from '../input/usage-error.ts';
import { enumWord } from '../output/words.ts';

const passwordHelp =
  'The password is asked for; where there is no terminal, it is the first line of the standard input.';
const emailArgument = { name: 'EMAIL', help: 'your address' };

/** Who one is. */
export const sessionCommands: readonly Command[] = [
  {
    name: 'register',
    summary: 'make an account; then log in',
    details: `${passwordHelp}\nAn address that is taken is answered like a new one, so that a repeat changes nothing.`,
    arguments: [emailArgument],
    options: [{ name: 'name', value: 'NAME', help: 'display name (default what stands before the @)' }],
    async run(context, input) {
      const email = input.at(0);
      const request = {
        idempotencyKey: randomUUID(),
        email,
        password: await readPassword(context),
        displayName: input.text('name') ?? email.split('@')[0],
      };
      const answer = await context.api.call(UserService.method.register, request, { isAnonymous: true });
      context.print.one(RegisterResponseSchema, answer, [['user', answer.userId]]);
    },
  },
  {
    name: 'login',
    summary: 'open a session, which is stored readable by you only and refreshed by itself',
    details: passwordHelp,
    arguments: [emailArgument],
    async run(context, input) {
      const { userId, email } = await context.session.logIn(input.at(0), await readPassword(context));
      context.print.plain({ userId, email }, `logged in as ${email}`);
    },
  },
  {
    name: 'logout',
    summary: 'end the session and forget it',
    options: [{ name: 'everywhere', help: 'end all sessions of the account' }],
    async run({ api, session, print }, input) {
      const { logOut, logOutEverywhere } = SessionService.method;
      try {
        if (input.flag('everywhere')) await api.call(logOutEverywhere, {});
        else if (session.stored() !== undefined) await api.call(logOut, {});
      } finally {
        session.forget();
      }
      print.plain({ loggedOut: true }, 'logged out');
    },
  },
  {
    name: 'whoami',
    summary: 'your account and its state',
    async run({ api, print }) {
      const { user } = await api.call(UserService.method.getProfile, {});
      if (user === undefined) return;
      print.one(UserSchema, user, [
        ['user', user.userId],
        ['email', user.email],
        ['name', user.displayName],
        ['state', enumWord(AccountStateSchema, user.state)],
        ['roles', user.roles.map((role) => enumWord(RoleSchema, role)).join(', ')],
      ]);
    },
  },
];

async function readPassword({ readSecret }: CommandContext): Promise<string> {
  const password = await readSecret('Password: ');
  if (password === '') throw new UsageError('there is no password');
  return password;
}
