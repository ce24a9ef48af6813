import { hasEnded, session } from '../session/session.ts';
import { account, failure, isOperator, learnAgain } from '../session/account.ts';
import { kept } from '../settings/kept.ts';
import { texts } from '../settings/language.ts';
import { Home } from '../home/home.tsx';
import { later } from '../parts/later.tsx';
import { NotYet } from '../parts/not-yet.tsx';
import { SignView } from '../sign-in/sign-view.tsx';
import { TaskView } from '../task/task-view.tsx';
import { Header } from './header.tsx';
import { NotFound } from './not-found.tsx';
import { usePlace } from './place.ts';
import { route } from './route.ts';
import { Said } from './say.tsx';

const OperatorView = later(async () => (await import('../operator/operator-view.tsx')).OperatorView);
const ReferenceView = later(async () => (await import('../reference/reference-view.tsx')).ReferenceView);

export function App() {
  return (
    <>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
        {texts.value.skip}
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        {session.value ? <View key={session.value.email} /> : <Outside />}
      </main>
      <Said />
    </>
  );
}

/** Who came here before logs in; who did not opens an account. How it works may be read before. */
function Outside() {
  const { view } = route.value;
  if (view === 'docs') return <ReferenceView />;
  const isKnown = hasEnded.value || kept('known') === 'yes';
  return <SignView isNew={view === 'sign-up' || (view !== 'sign-in' && !isKnown)} />;
}

function View() {
  const now = route.value;
  usePlace(now);
  switch (now.view) {
    case 'home':
    case 'sign-in':
    case 'sign-up':
      return <Home />;
    case 'task':
      return <TaskView key={now.id} id={now.id} />;
    case 'operator':
      // Not to know is not to know that it is none.
      if (!account.value) return <NotYet failure={failure.value} onAgain={() => void learnAgain()} />;
      return isOperator() ? <OperatorView /> : <NotFound />;
    case 'docs':
      return <ReferenceView />;
    case 'unknown':
      return <NotFound />;
  }
}
