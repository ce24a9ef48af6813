import { useEffect } from 'preact/hooks';
import { hasEnded, session } from '../session/session.ts';
import { isOperator } from '../session/account.ts';
import { kept } from '../settings/kept.ts';
import { texts } from '../settings/language.ts';
import { Home } from '../home/home.tsx';
import { later } from '../parts/later.tsx';
import { SignView } from '../sign-in/sign-view.tsx';
import { TaskView } from '../task/task-view.tsx';
import { Header } from './header.tsx';
import { NotFound } from './not-found.tsx';
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
  const place = now.view === 'task' ? now.id : now.view;
  useEffect(() => scrollTo(0, 0), [place]);
  switch (now.view) {
    case 'home':
    case 'sign-in':
    case 'sign-up':
      return <Home />;
    case 'task':
      return <TaskView key={now.id} id={now.id} />;
    case 'operator':
      return isOperator() ? <OperatorView /> : <NotFound />;
    case 'docs':
      return <ReferenceView />;
    case 'unknown':
      return <NotFound />;
  }
}
