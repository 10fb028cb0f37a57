import { fromBinary } from '@bufbuild/protobuf';
import { type NewOrder, type SubmitRequest, SubmitRequestSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { SubmitCommand } from '../../engine/commands.ts';
import { itemsMax } from './items-max.ts';
import type { Parsed } from './parse-item.ts';
import { readSubmit } from './read-submit.ts';

/** A SubmitRequest whose orders were read already; as a message it is whole too, for those who pass it on. */
export class PlainSubmit implements SubmitRequest {
  readonly $typeName = 'outcry.exchange.v1.SubmitRequest';
  readonly parsed: Parsed<SubmitCommand>[];
  readonly #bytes: Buffer;
  #orders: NewOrder[] | undefined;

  constructor(bytes: Buffer, parsed: Parsed<SubmitCommand>[]) {
    this.#bytes = bytes;
    this.parsed = parsed;
  }

  get orders(): NewOrder[] {
    this.#orders ??= fromBinary(SubmitRequestSchema, this.#bytes).orders;
    return this.#orders;
  }
}

/** Reads a request whose orders are all plain and well-formed; undefined for any other. */
export function readPlainSubmit(bytes: Buffer): PlainSubmit | undefined {
  const parsed = readSubmit(bytes, itemsMax);
  return parsed && new PlainSubmit(bytes, parsed);
}
