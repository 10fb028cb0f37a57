import { clone, create, type DescFile, getExtension, setExtension, toBinary } from '@bufbuild/protobuf';
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type MethodDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { access, Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { file_outcry_ledger_v1_ledger } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { findContractProblems, readImage } from './contracts.ts';

function filesOf(file: DescFile, seen = new Map<string, FileDescriptorProto>()): Map<string, FileDescriptorProto> {
  for (const dependency of file.dependencies) filesOf(dependency, seen);
  return seen.set(file.proto.name, file.proto);
}

/** The problems of the ledger's contract after one of its RPCs was changed. */
function problemsAfter(
  rpc: string,
  change: (method: MethodDescriptorProto, file: FileDescriptorProto) => void,
): string[] {
  const files = filesOf(file_outcry_ledger_v1_ledger);
  const ledger = clone(FileDescriptorProtoSchema, file_outcry_ledger_v1_ledger.proto);
  const method = ledger.service.flatMap((service) => service.method).find((entry) => entry.name === rpc);
  if (!method) throw new Error(`there is no ${rpc}`);
  change(method, ledger);
  files.set(ledger.name, ledger);
  const image = create(FileDescriptorSetSchema, { file: [...files.values()] });
  return findContractProblems(readImage(toBinary(FileDescriptorSetSchema, image)), ['order', 'simulator']);
}

function removeField(file: FileDescriptorProto, message: string, field: string): void {
  const found = file.messageType.find((entry) => entry.name === message);
  if (found) found.field = found.field.filter((entry) => entry.name !== field);
}

describe('findContractProblems', () => {
  it('finds nothing in the ledger’s contract', () => {
    expect(problemsAfter('Deposit', () => {})).toEqual([]);
  });

  it('refuses a write for people that does not say which scope a key needs, and no read', () => {
    const forget = (method: MethodDescriptorProto) => {
      if (method.options === undefined) throw new Error('there is no rule');
      setExtension(method.options, access, { ...getExtension(method.options, access), scope: Scope.UNSPECIFIED });
    };
    expect(problemsAfter('Deposit', forget)).toEqual([
      'outcry.ledger.v1.LedgerService/Deposit does not say which scope an API key needs (SCOPE_SESSION: no key may)',
    ]);
    expect(problemsAfter('GetBalances', forget)).toEqual([]);
  });

  it('refuses an RPC without options', () => {
    const problems = problemsAfter('Deposit', (method) => {
      method.options = undefined;
    });
    expect(problems).toEqual([
      'outcry.ledger.v1.LedgerService/Deposit does not say who may call it (outcry.access.v1.access)',
      'outcry.ledger.v1.LedgerService/Deposit does not say what a repeat does (idempotency_level)',
    ]);
  });

  it('refuses a creating call without a key', () => {
    const problems = problemsAfter('Deposit', (_, file) => removeField(file, 'DepositRequest', 'idempotency_key'));
    expect(problems).toEqual([
      'outcry.ledger.v1.LedgerService/Deposit creates something without a client-made key in its request',
    ]);
  });

  it('refuses an owner field that the request does not have', () => {
    const problems = problemsAfter('GetBalances', (_, file) => removeField(file, 'GetBalancesRequest', 'account_id'));
    expect(problems).toEqual([
      "outcry.ledger.v1.LedgerService/GetBalances names the owner field 'account_id', which its request does not have",
    ]);
  });

  it('refuses a list that has no pages', () => {
    const problems = problemsAfter('ListHolds', (_, file) => removeField(file, 'ListHoldsRequest', 'page_token'));
    expect(problems).toEqual(['outcry.ledger.v1.LedgerService/ListHolds lists without page_size and page_token']);
  });
});
