import { FocusHeading } from '../parts/focus-heading.tsx';
import { texts } from '../settings/language.ts';

/** For admins: how the fleet is. */
export function OperatorView() {
  const { operator } = texts.value;
  return (
    <section class="empty">
      <FocusHeading title={operator.title}>{operator.title}</FocusHeading>
      <p>{operator.soon}</p>
    </section>
  );
}
