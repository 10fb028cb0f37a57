import { describe, expect, it } from 'vitest';
import { fatalMessage } from './fatal-line.ts';

describe('fatalMessage', () => {
  it.each([
    [
      '{"level":"fatal","msg":"the service could not start","error":{"message":"no route"}}',
      'the service could not start: no route',
    ],
    [
      '{"level":"fatal","msg":"not valid","problems":["A is not set","B is not set"]}',
      'not valid: A is not set; B is not set',
    ],
    ['{"level":"fatal","msg":"aborted"}', 'aborted'],
    ['{"level":"fatal","msg":"cut', '{"level":"fatal","msg":"cut'],
  ])('reads %s', (line, message) => {
    expect(fatalMessage(line)).toBe(message);
  });

  it('leaves every other line alone', () => {
    expect(fatalMessage('{"level":"info","msg":"ready"}')).toBeUndefined();
    expect(fatalMessage('Error: fatal')).toBeUndefined();
  });
});
