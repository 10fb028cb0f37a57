import { useState } from 'preact/hooks';
import type { DeadEvent } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { TypedName } from '../../acting/typed-name.tsx';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { deadEvents } from './staff-clients.ts';

/** What a dead event says; it is given up for good with a reason and the name of its queue. */
export function DeadEventDetail({ event, onDropped }: { event: DeadEvent; onDropped: () => void }) {
  const { queue, eventId } = event;
  const [isDropping, setDropping] = useState(false);
  const [reason, setReason] = useState('');
  const reading = useReading((signal) => deadEvents.findDeadEvents({ eventId, queue }, { signal }), { key: eventId });
  return (
    <div class="inspected">
      <Shown reading={reading}>
        {({ payloadJson }) => (
          <pre>{payloadJson === '' ? 'Its message cannot be read by this release.' : payloadJson}</pre>
        )}
      </Shown>
      <p class="dim">
        Event {eventId}, about {event.key || 'nothing in particular'}
        {event.traceparent !== '' && <>, trace {event.traceparent}</>}
      </p>
      {isDropping ? (
        <>
          <TextField
            id="drop-reason"
            label="Why"
            value={reason}
            onInput={setReason}
            input={{ maxLength: 200, required: true }}
          />
          <TypedName
            id="drop-queue"
            sentence={`${queue} never handles this event. It is stored with the reason for 30 days.`}
            name={queue}
            act="Give it up"
            work={async () => {
              await deadEvents.dropDeadEvents({ queue, eventIds: [eventId], reason: reason.trim() });
              return 'The event is given up.';
            }}
            onDone={onDropped}
            onLeave={() => setDropping(false)}
          />
        </>
      ) : (
        <Button isSmall onClick={() => setDropping(true)}>
          Give it up
        </Button>
      )}
    </div>
  );
}
