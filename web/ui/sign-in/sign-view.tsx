import { FocusHeading } from '../parts/focus-heading.tsx';
import { hasEnded } from '../session/session.ts';
import { texts } from '../settings/language.ts';
import { addresses } from '../shell/route.ts';
import { hasStopped } from '../upload/uploads.ts';
import { HowItWorks } from './how-it-works.tsx';
import { SignForm } from './sign-form.tsx';

/** The first thing that anybody sees: what this is, and the way in. */
export function SignView({ isNew }: { isNew: boolean }) {
  const { sign, upload, name } = texts.value;
  return (
    <div class="sign">
      <div class="sign-about">
        <FocusHeading title={name}>{sign.title}</FocusHeading>
        <HowItWorks />
      </div>
      <section class="card sign-card" aria-label={isNew ? sign.signUp : sign.logIn}>
        <nav class="tabs" aria-label={sign.which}>
          <a href={addresses.signUp} aria-current={isNew ? 'page' : undefined}>
            {sign.signUp}
          </a>
          <a href={addresses.signIn} aria-current={isNew ? undefined : 'page'}>
            {sign.logIn}
          </a>
        </nav>
        {(hasEnded.value || hasStopped.value) && (
          <p class="note" role="status">
            {hasEnded.value && sign.ended} {hasStopped.value && upload.stopped}
          </p>
        )}
        <SignForm key={String(isNew)} isNew={isNew} />
      </section>
    </div>
  );
}
