import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from './random.ts';

test('a seed repeats its decisions, and another makes others', () => {
  const [one, again, other] = [random('1'), random('1'), random('2')];
  const first = Array.from({ length: 20 }, () => one.below(100));
  assert.deepEqual(
    first,
    Array.from({ length: 20 }, () => again.below(100)),
  );
  assert.notDeepEqual(
    first,
    Array.from({ length: 20 }, () => other.below(100)),
  );
});

test('what is drawn from a sequence apart does not shift the first', () => {
  const [one, other] = [random('1'), random('1')];
  one.apart('stream').next();
  assert.equal(one.next(), other.next());
});

test('a choice is made as often as its weight says', () => {
  const seeded = random('weights');
  const choices = [
    { name: 'seldom', weight: 1 },
    { name: 'never', weight: 0 },
    { name: 'often', weight: 9 },
  ];
  const picked = Array.from({ length: 1000 }, () => seeded.pick(choices).name);
  const times = (name: string) => picked.filter((one) => one === name).length;
  assert.equal(times('never'), 0);
  assert.ok(times('often') > 850 && times('often') < 950, String(times('often')));
});
