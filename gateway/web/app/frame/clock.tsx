import { computed } from '@preact/signals';
import { timeText } from '../figures/time-text.ts';
import { nowMs, zone } from '../store/market-clock.ts';

const time = computed(() => timeText(nowMs.value, zone.value, nowMs.value));
const zoneLabel = computed(() => zone.value.label);

/** The market's time, with the zone of all times on the page. */
export function Clock() {
  return (
    <span class="clock dim">
      {time} <span class="zone">{zoneLabel}</span>
    </span>
  );
}
