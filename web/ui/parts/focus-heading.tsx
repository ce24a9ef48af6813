import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Where the view begins: it has the focus when the view is entered, so that reading and tabbing go on from there. */
export function FocusHeading({ children, title }: { children: ComponentChildren; title: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The first view keeps the focus at the top, where the link to skip the header is.
    if (hasMoved()) heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = title === 'Claqueta' ? title : `${title} · Claqueta`;
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

let views = 0;

function hasMoved(): boolean {
  return views++ > 0;
}
