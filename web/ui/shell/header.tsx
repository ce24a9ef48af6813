import { connection, isFollowing } from '../live/connection.ts';
import { Icon } from '../parts/icon.tsx';
import { Logo } from '../parts/logo.tsx';
import { isOperator } from '../session/account.ts';
import { logOut, session } from '../session/session.ts';
import { chooseLanguage, language, languages, texts, type Language } from '../settings/language.ts';
import { theme, toggleTheme } from '../settings/theme.ts';
import { forgetAll } from '../upload/remembered.ts';
import { underWay } from '../upload/uploads.ts';
import { addresses, goTo } from './route.ts';

export function Header() {
  const { header, name } = texts.value;
  return (
    <header class="header">
      <div class="header-inner">
        <a class="brand" href={addresses.home} aria-label={header.home}>
          <Logo />
          <span class="brand-name">{name}</span>
        </a>
        {session.value && isFollowing.value && <ConnectionState />}
        {underWay.value > 0 && <UploadCount />}
        <div class="header-end">
          {isOperator() && (
            <a class="button button-plain" href={addresses.operator} aria-label={header.operator}>
              <Icon name="gauge" />
              <span class="wide-only">{header.operator}</span>
            </a>
          )}
          <a class="button button-plain docs-link" href={addresses.docs} aria-label={header.docs}>
            <Icon name="code" />
            <span class="wide-only">API</span>
          </a>
          <LanguageChoice />
          <ThemeToggle />
          {session.value && <LogOut />}
        </div>
      </div>
    </header>
  );
}

function ConnectionState() {
  const now = connection.value;
  const { explained, ...words } = texts.value.connection;
  return (
    <span class={`connection connection-${now}`} role="status" title={explained[now]}>
      <span class="connection-dot" aria-hidden="true" />
      <span class="narrow-hidden">{words[now]}</span>
    </span>
  );
}

/** Files on their way go on in every view; home has more of them. */
function UploadCount() {
  const { underWay: words } = texts.value.upload;
  return (
    <a class="button button-plain upload-count" href={addresses.home} aria-label={words(underWay.value)}>
      <Icon name="upload" />
      {underWay.value}
    </a>
  );
}

function LanguageChoice() {
  return (
    <select
      class="language"
      aria-label={texts.value.header.language}
      value={language.value}
      onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
    >
      {Object.entries(languages).map(([code, { language: own }]) => (
        <option key={code} value={code} lang={code}>
          {own}
        </option>
      ))}
    </select>
  );
}

function ThemeToggle() {
  const { toDark, toLight } = texts.value.header.theme;
  const label = theme.value === 'dark' ? toLight : toDark;
  return (
    <button type="button" class="button button-plain" aria-label={label} title={label} onClick={toggleTheme}>
      <Icon name={theme.value === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}

function LogOut() {
  const label = texts.value.header.logOut;
  return (
    <button
      type="button"
      class="button button-plain"
      aria-label={label}
      title={label}
      onClick={() => {
        void logOut();
        forgetAll();
        goTo(addresses.home);
      }}
    >
      <Icon name="leave" />
    </button>
  );
}
