/** One request as Postman keeps it, as far as we write them. */
export interface OriginalRequest {
  name: string;
  method: string;
  /** After the service's address. */
  path: string;
  body?: string;
  owner: boolean;
  /** Lines of a script that runs on the answer. */
  script?: string[];
}

/** Keeps the token of a log-in for the requests that follow. */
export const keepToken = [
  'if (pm.response.code === 200) {',
  '  const { token, refresh_token } = pm.response.json();',
  "  pm.collectionVariables.set('token', token);",
  "  pm.collectionVariables.set('refresh_token', refresh_token);",
  '}',
];

const keepTask = [
  'if (pm.response.code === 201) {',
  "  pm.collectionVariables.set('task_id', pm.response.json().task_id);",
  '}',
];

const VIDEO = 'https://cdn.pixabay.com/video/2023/06/29/169249-840702546_large.mp4';

/** The requests of the original REST clients, as they stand; test/rest.test.ts shows that they work. */
export const originalRequests: OriginalRequest[] = [
  {
    ...{ name: 'Sign up', method: 'POST', path: '/auth/signup', owner: false },
    body: '{"username":"admin","email":"admin@gmail.com","password":"Admin123","password_2":"Admin123"}',
  },
  {
    ...{ name: 'Log in', method: 'POST', path: '/auth/login', owner: false, script: keepToken },
    body: '{"email":"admin@gmail.com","password":"Admin123"}',
  },
  {
    ...{ name: 'Submit', method: 'POST', path: '/tasks', owner: true, script: keepTask },
    body: `{"url":"${VIDEO}"}`,
  },
  { name: 'List', method: 'GET', path: '/tasks?max=4&order=1', owner: true },
  { name: 'Read', method: 'GET', path: '/tasks/{{task_id}}', owner: true },
  { name: 'Abort', method: 'DELETE', path: '/tasks/{{task_id}}', owner: true },
  { name: 'Abort, with two slashes', method: 'DELETE', path: '/tasks//{{task_id}}', owner: true },
];
