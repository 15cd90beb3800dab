import { expect, test } from 'vitest';
import { type TargetRow, unchangedKept } from '../src/state/targets';

const row = (object: number, points: number, colour: [number, number, number] = [1, 2, 3]): TargetRow => ({
  object,
  part: undefined,
  name: `object ${object}`,
  named: false,
  label: object + 1,
  colour,
  points,
  clicks: 1,
  confidence: undefined,
  status: 'ok',
  locked: false,
});

test('rows that say the same stay the same objects, wherever they come to stand', () => {
  const before = [row(1, 10), row(3, 30)];
  const after = unchangedKept(before, [row(1, 10), row(2, 20), row(3, 30)]);
  expect(after).toEqual([row(1, 10), row(2, 20), row(3, 30)]);
  expect(after[0]).toBe(before[0]);
  expect(after[2]).toBe(before[1]);
});

test('rows of which anything is another are as told now', () => {
  const after = unchangedKept([row(1, 10), row(2, 20)], [row(1, 11), row(2, 20, [1, 2, 4])]);
  expect(after).toEqual([row(1, 11), row(2, 20, [1, 2, 4])]);
});
