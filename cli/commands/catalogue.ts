import type { Command } from '../command/command.ts';
import { adjustmentCommands } from './adjustments.ts';
import { analyticsCommands } from './analytics.ts';
import { calendarCommands } from './calendar.ts';
import { candleCommands } from './candles.ts';
import { clockCommands } from './clock.ts';
import { closeCommands } from './close.ts';
import { completionCommand } from './completion.ts';
import { inboxCommands } from './inbox.ts';
import { keyCommands } from './keys.ts';
import { listCommands } from './lists.ts';
import { lotCommands } from './lots.ts';
import { marketCommands } from './market.ts';
import { historyCommands } from './market-history.ts';
import { moneyCommands } from './money.ts';
import { operationsCommands } from './operations.ts';
import { orderCommands } from './orders.ts';
import { placeCommands } from './place.ts';
import { rawCallCommand } from './raw-call.ts';
import { replaceCommands } from './replace.ts';
import { resumeCommand } from './resume.ts';
import { ruleCommands } from './rules.ts';
import { sessionCommands } from './session.ts';
import { sliceCommands } from './slices.ts';
import { staffCommands } from './staff.ts';

/** All commands, in the order in which they are listed. */
export const commands: readonly Command[] = [
  ...sessionCommands,
  ...keyCommands,
  ...marketCommands,
  ...historyCommands,
  ...candleCommands,
  ...clockCommands,
  ...calendarCommands,
  ...analyticsCommands,
  ...placeCommands,
  ...listCommands,
  ...orderCommands,
  ...closeCommands,
  ...replaceCommands,
  ...moneyCommands,
  ...lotCommands,
  ...ruleCommands,
  ...sliceCommands,
  ...inboxCommands,
  resumeCommand,
  ...staffCommands,
  ...adjustmentCommands,
  ...operationsCommands,
  rawCallCommand,
  completionCommand(() => commands),
];
