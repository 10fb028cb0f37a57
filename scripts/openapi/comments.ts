/** The comments of contracts as texts. */
import type { DescEnum, DescEnumValue, DescField, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import { getComments } from '@bufbuild/protoplugin';

/** The comment before an element; empty without one. */
export function textOf(desc: DescMessage | DescEnum | DescEnumValue | DescField | DescMethod | DescService): string {
  return (getComments(desc).leading ?? '').trim().replace(/\n ?/g, '\n');
}

/** The first sentence in one line, without its full stop. */
export function firstSentence(text: string): string {
  const [sentence = ''] = text.replaceAll('\n', ' ').split(/(?<=\.)\s/, 1);
  return sentence.replace(/\.$/, '');
}
