import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const MARGIN = '300px';

const told = new WeakMap<Element, (isNear: boolean) => void>();
const observer = new IntersectionObserver(
  (entries) => entries.forEach(({ target, isIntersecting }) => told.get(target)?.(isIntersecting)),
  { rootMargin: MARGIN },
);

/** Whether an element is on the screen or close to it. */
export function useNearScreen(element: RefObject<Element | null>): ReadonlySignal<boolean> {
  const isNear = useSignal(false);
  useEffect(() => {
    const watched = element.current;
    if (!watched) return;
    told.set(watched, (now) => (isNear.value = now));
    observer.observe(watched);
    return () => observer.unobserve(watched);
  }, []);
  return isNear;
}
