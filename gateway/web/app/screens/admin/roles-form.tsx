import { useState } from 'preact/hooks';
import type { Role } from '#gen/outcry/access/v1/access_pb.ts';
import type { User } from '#gen/outcry/user/v1/user_pb.ts';
import { TypedName } from '../../acting/typed-name.tsx';
import { roleNames, rolesText } from '../operations/account-text.ts';
import { userAdmin } from '../operations/staff-clients.ts';

/** The roles of a person, replaced as a whole; they hold with the next token, ten minutes later at most. */
export function RolesForm({ user, onChanged }: { user: User; onChanged: () => void }) {
  const [roles, setRoles] = useState<readonly Role[]>(user.roles);
  const toggle = (role: Role, isOn: boolean) =>
    setRoles(roleNames.map((one) => one.role).filter((one) => (one === role ? isOn : roles.includes(one))));
  const isChanged = rolesText(roles) !== rolesText(user.roles);
  return (
    <section class="inspected" aria-label={`Roles of ${user.displayName}`}>
      <h2>Roles of {user.displayName}</h2>
      <p class="buttons">
        {roleNames.map(({ role, text }) => (
          <label key={text} class="check">
            <input
              type="checkbox"
              checked={roles.includes(role)}
              onChange={(event) => toggle(role, event.currentTarget.checked)}
            />
            {text}
          </label>
        ))}
      </p>
      {isChanged && roles.length > 0 && (
        <TypedName
          id="roles-name"
          sentence={`${user.email || user.displayName} is then: ${rolesText(roles)}. It holds with the next token, ten minutes from now at most.`}
          name={user.email || user.displayName}
          act="Set the roles"
          work={async () => {
            await userAdmin.setRoles({ userId: user.userId, roles: [...roles] });
            return 'The roles are set.';
          }}
          onDone={onChanged}
          onLeave={() => setRoles(user.roles)}
        />
      )}
      {roles.length === 0 && <p class="note old">A person has one role at least.</p>}
    </section>
  );
}
