import type { Command } from '../command/command.ts';
import { analyticsCommands } from './analytics.ts';
import { completionCommand } from './completion.ts';
import { inboxCommands } from './inbox.ts';
import { marketCommands } from './market.ts';
import { moneyCommands } from './money.ts';
import { orderCommands } from './orders.ts';
import { placeCommands } from './place.ts';
import { replaceCommands } from './replace.ts';
import { resumeCommand } from './resume.ts';
import { ruleCommands } from './rules.ts';
import { sessionCommands } from './session.ts';
import { staffCommands } from './staff.ts';

/** All commands, in the order in which they are listed. */
export const commands: readonly Command[] = [
  ...sessionCommands,
  ...marketCommands,
  ...analyticsCommands,
  ...placeCommands,
  ...orderCommands,
  ...replaceCommands,
  ...moneyCommands,
  ...ruleCommands,
  ...inboxCommands,
  resumeCommand,
  ...staffCommands,
  completionCommand(() => commands),
];
