import { computed, signal } from '@preact/signals';

/** Where the page is, by the hash of its address: the API's paths stay the API's. */
export type Route =
  | { view: 'home' }
  | { view: 'task'; id: string }
  | { view: 'sign-in' }
  | { view: 'sign-up' }
  | { view: 'operator' }
  | { view: 'docs'; operation?: string }
  | { view: 'unknown' };

const hash = signal(location.hash);
/** Where a visitor wanted to go before logging in. */
let wanted = location.hash;

addEventListener('hashchange', () => {
  hash.value = location.hash;
  if (!['sign-in', 'sign-up'].includes(route.value.view)) wanted = location.hash;
});

export const route = computed<Route>(() => parseRoute(hash.value));

export const addresses = {
  home: '#/',
  task: (id: string) => `#/tasks/${id}`,
  signIn: '#/login',
  signUp: '#/signup',
  operator: '#/operator',
  docs: '#/docs',
  operation: (id: string) => `#/docs/${id}`,
};

export function goTo(address: string): void {
  location.hash = address;
}

/** Goes on to what needed a log-in; elsewhere home. */
export function goOn(): void {
  const { view } = parseRoute(wanted);
  goTo(view === 'task' || view === 'operator' ? wanted : addresses.home);
}

export function parseRoute(address: string): Route {
  const [first = '', second, ...rest] = address.replace(/^#?\/?/, '').split('/');
  if (first === 'tasks' && second && rest.length === 0) return { view: 'task', id: second };
  if (first === 'docs' && second && rest.length === 0) return { view: 'docs', operation: second };
  if (second !== undefined) return { view: 'unknown' };
  const views: Record<string, Route> = {
    '': { view: 'home' },
    login: { view: 'sign-in' },
    signup: { view: 'sign-up' },
    operator: { view: 'operator' },
    docs: { view: 'docs' },
  };
  return views[first] ?? { view: 'unknown' };
}
