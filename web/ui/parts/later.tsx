import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { texts } from '../settings/language.ts';

/** A view that is fetched when it is first looked at, to keep the first view small for everybody else. */
export function later(fetchView: () => Promise<ComponentType>): ComponentType {
  const fetched = signal<ComponentType | null>(null);
  const isMissing = signal(false);
  return function Later() {
    useEffect(() => {
      isMissing.value = false;
      // A newer version of the page may have replaced the file: the whole page is needed then.
      if (!fetched.peek())
        fetchView().then(
          (View) => (fetched.value = View),
          () => (isMissing.value = true),
        );
    }, []);
    const View = fetched.value;
    if (View) return <View />;
    return isMissing.value ? <p role="alert">{texts.value.unreachable}</p> : null;
  };
}
