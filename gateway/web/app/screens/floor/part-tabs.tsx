import { Tabs } from '../../ui/tabs.tsx';
import { type Part, shownPart } from './layout.ts';

type PartTabsProps = { parts: readonly { name: Part; text: string }[]; selected: Part };

/** Tabs by which a narrow window shows one part of the Floor. */
export function PartTabs({ parts, selected }: PartTabsProps) {
  return (
    <Tabs
      label="Parts"
      tabs={parts}
      selected={selected}
      onSelect={(name) => {
        shownPart.value = name;
      }}
    />
  );
}
