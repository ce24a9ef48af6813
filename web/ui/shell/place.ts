import { useLayoutEffect } from 'preact/hooks';
import { route, type Route } from './route.ts';

/** How far down the list is, px: who comes back from a task goes on there. */
let left = 0;

history.scrollRestoration = 'manual';
addEventListener(
  'scroll',
  () => {
    if (route.peek().view === 'home') left = scrollY;
  },
  { passive: true },
);

/** Other views begin at their top. */
export function usePlace(now: Route): void {
  const place = now.view === 'task' ? now.id : now.view;
  useLayoutEffect(() => scrollTo(0, now.view === 'home' ? left : 0), [place]);
}
