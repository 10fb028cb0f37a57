import type { ScreenName } from '../router/route.ts';
import { go } from '../router/router.ts';
import { Tabs } from '../ui/tabs.tsx';

type SectionTabsProps<Name extends string> = {
  screen: ScreenName;
  tabs: readonly { name: Name; text: string }[];
  selected: Name;
};

/** The parts of a screen as tabs; each has an address, `#/settings/keys`. The first has that of the screen. */
export function SectionTabs<Name extends string>({ screen, tabs, selected }: SectionTabsProps<Name>) {
  return (
    <Tabs
      label={`Parts of ${screen}`}
      tabs={tabs}
      selected={selected}
      onSelect={(name) => go({ screen, rest: name === tabs[0]?.name ? '' : name })}
    />
  );
}

/** The part that an address names; the first for anything else. */
export function sectionOf<Name extends string>(tabs: readonly { name: Name }[], rest: string): Name {
  const [first = ''] = rest.split('/');
  const found = tabs.find(({ name }) => name === first) ?? tabs[0];
  if (found === undefined) throw new Error('a screen has at least one part');
  return found.name;
}
