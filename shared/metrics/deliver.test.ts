import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../log.ts';
import { deliverInOrder, type DeliveryLimits } from './deliver.ts';

const log = createLog('silent', 'test');
const limits: DeliveryLimits = { most: 3, firstPause: 5, longestPause: 20, giveUpAfter: 60_000 };
const unavailable = Object.assign(new Error('away'), { code: 14 });

/** A service that first answers with these errors, in turn. */
function service(...errors: Error[]) {
  const arrived: string[] = [];
  const parcel = (name: string) => ({
    name,
    send: () => {
      const error = errors.shift();
      if (error) return Promise.reject(error);
      arrived.push(name);
      return Promise.resolve();
    },
  });
  return { arrived, parcel };
}

test('what may still arrive is sent again, and nothing overtakes it', async () => {
  const { arrived, parcel } = service(unavailable, Object.assign(new Error('too late'), { code: 4 }));
  const delivery = deliverInOrder(log, limits);
  for (const name of ['one', 'two', 'three']) delivery.push(parcel(name));
  await delivery.settled();
  assert.deepEqual(arrived, ['one', 'two', 'three']);
});

test('what is refused is given up at once, and the next is sent', async () => {
  const { arrived, parcel } = service(Object.assign(new Error('wrong'), { code: 3 }));
  const delivery = deliverInOrder(log, limits);
  for (const name of ['one', 'two']) delivery.push(parcel(name));
  await delivery.settled();
  assert.deepEqual(arrived, ['two']);
});

test('what does not arrive for long is given up', async () => {
  const { arrived, parcel } = service(...new Array<Error>(3).fill(unavailable));
  const delivery = deliverInOrder(log, { ...limits, giveUpAfter: 0 });
  for (const name of ['one', 'two', 'three']) delivery.push(parcel(name));
  await delivery.settled();
  assert.deepEqual(arrived, []);
  delivery.push(parcel('four'));
  await delivery.settled();
  assert.deepEqual(arrived, ['four']);
});

test('while nothing gets through only the newest few are kept', async () => {
  const delivery = deliverInOrder(log, limits);
  let answer = () => {};
  delivery.push({ name: 'hangs', send: () => new Promise<void>((resolve) => (answer = resolve)) });
  await Promise.resolve();
  const { arrived, parcel } = service();
  for (let number = 1; number <= 10; number++) delivery.push(parcel(String(number)));
  answer();
  await delivery.settled();
  assert.deepEqual(arrived, ['8', '9', '10']);
});

test('told to stop it tries nothing again', async () => {
  const { arrived, parcel } = service(unavailable, unavailable, unavailable);
  const delivery = deliverInOrder(log, { ...limits, firstPause: 60_000, longestPause: 60_000, giveUpAfter: 1e6 });
  delivery.push(parcel('one'));
  await new Promise((resolve) => setImmediate(resolve));
  delivery.stop();
  await delivery.settled();
  delivery.push(parcel('two'));
  await delivery.settled();
  assert.deepEqual(arrived, []);
});
