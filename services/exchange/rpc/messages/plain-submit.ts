import { fromBinary } from '@bufbuild/protobuf';
import { type NewOrder, type SubmitRequest, SubmitRequestSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { SubmitCommand } from '../../engine/model/commands.ts';
import { itemsMax, type Parsed } from './parse-item.ts';
import { readSubmit } from './read-submit.ts';

/** A SubmitRequest that holds the parsed commands; its `orders` are decoded only when the request is forwarded. */
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

/** Reads a request whose orders all are plain and well-formed; undefined for any other request. */
export function readPlainSubmit(bytes: Buffer): PlainSubmit | undefined {
  const parsed = readSubmit(bytes, itemsMax);
  return parsed && new PlainSubmit(bytes, parsed);
}
