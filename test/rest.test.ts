import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from './kit/service.ts';

/** The requests of the original REST clients, as they stand. */
test('the REST requests of the original clients work as they stand', async (t) => {
  const { url } = await startService(t, { workers: 0 });
  const json = { 'Content-Type': 'application/json' };

  const signUp = await fetch(`${url}/auth/signup`, {
    method: 'POST',
    headers: json,
    body: '{"username":"admin","email":"admin@gmail.com","password":"Admin123","password_2":"Admin123"}',
  });
  assert.equal(signUp.status, 201);
  const account = (await signUp.json()) as Record<string, string>;
  assert.deepEqual(Object.keys(account), ['id', 'username', 'email']);

  const logIn = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: json,
    body: '{"email":"admin@gmail.com","password":"Admin123"}',
  });
  assert.equal(logIn.status, 200);
  const { token } = (await logIn.json()) as { token: string };
  const headers = { ...json, Authorization: `Bearer ${token}` };

  const ids: string[] = [];
  for (let task = 0; task < 5; task++) {
    const created = await fetch(`${url}/tasks`, {
      method: 'POST',
      headers,
      body: '{"url":"https://cdn.pixabay.com/video/2023/06/29/169249-840702546_large.mp4"}',
    });
    assert.equal(created.status, 201);
    const body = (await created.json()) as { task_id: string; status: string };
    assert.equal(body.status, 'pending');
    assert.equal(created.headers.get('location'), `/tasks/${body.task_id}`);
    ids.push(body.task_id);
  }

  const list = async (query: string) => {
    const response = await fetch(`${url}/tasks?${query}`, { headers });
    assert.equal(response.status, 200);
    return ((await response.json()) as { task_id: string }[]).map((task) => task.task_id);
  };
  assert.deepEqual(await list('max=4&order=1'), ids.toReversed().slice(0, 4));
  assert.deepEqual(await list('max=4&order=0'), ids.slice(0, 4));

  const [first, second] = ids;
  const read = await fetch(`${url}/tasks/${first}`, { headers });
  assert.equal(read.status, 200);
  assert.equal(((await read.json()) as { task_id: string }).task_id, first);

  for (const address of [`/tasks/${first}`, `/tasks//${second}`]) {
    const aborted = await fetch(`${url}${address}`, { method: 'DELETE', headers });
    assert.equal(aborted.status, 200);
    assert.equal(((await aborted.json()) as { status: string }).status, 'cancelled');
    const removed = await fetch(`${url}${address}`, { method: 'DELETE', headers });
    assert.equal(removed.status, 204);
    assert.equal((await fetch(`${url}${address}`, { headers })).status, 404);
  }
});
