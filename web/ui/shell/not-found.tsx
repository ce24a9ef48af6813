import { FocusHeading } from '../parts/focus-heading.tsx';
import { texts } from '../settings/language.ts';
import { addresses } from './route.ts';

export function NotFound() {
  const { notFound } = texts.value;
  return (
    <section class="empty">
      <FocusHeading title={notFound.title}>{notFound.title}</FocusHeading>
      <a class="button" href={addresses.home}>
        {notFound.home}
      </a>
    </section>
  );
}
