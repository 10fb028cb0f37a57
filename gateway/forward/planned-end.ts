/** The last message of a stream that the gateway ends as planned, with what its reader resumes from at another replica. */
import { create, type DescMessage, type DescMethod } from '@bufbuild/protobuf';
import { StreamEndReason } from '#gen/outcry/market/v1/market_pb.ts';

/** What messages of streams have in common; each has but some of it. */
type StreamMessage = {
  epoch?: string;
  sequence?: bigint;
  resumeToken?: string;
  message?: { case?: string | undefined; value?: { resumeToken?: string } };
};

/** Follows the messages of one stream. */
export class PlannedEnd {
  readonly #output: DescMessage;
  readonly #end: DescMessage | undefined;
  #resumeToken: string;
  #last: StreamMessage = {};

  /** `request`: the request of the stream, whose token holds until a newer one was sent. */
  constructor({ output }: DescMethod, request: unknown) {
    this.#output = output;
    const choice = output.oneofs.find(({ localName }) => localName === 'message');
    this.#end = choice?.fields.find(({ localName }) => localName === 'end')?.message;
    this.#resumeToken = (request as StreamMessage).resumeToken ?? '';
  }

  /** A message that is passed on. */
  see(message: StreamMessage): void {
    this.#last = message;
    this.#resumeToken = message.resumeToken || message.message?.value?.resumeToken || this.#resumeToken;
  }

  /** The last message; undefined where the contract of the stream has none. */
  message(): object | undefined {
    if (this.#end === undefined) return undefined;
    const resumeToken = this.#resumeToken;
    const { epoch, sequence } = this.#last;
    const end = create(this.#end, known(this.#end, { resumeToken, reason: StreamEndReason.SHUTDOWN }));
    const position = known(this.#output, { resumeToken, epoch, sequence });
    return create(this.#output, { ...position, message: { case: 'end', value: end } } as never);
  }
}

/** The values that are set and are fields of the message. */
function known({ field }: DescMessage, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== undefined && field[name] !== undefined),
  );
}
