import { type ReactNode, useEffect, useState } from 'react';
import { useDirectory } from '../blocks/host.js';
import { usePage, useSession } from '../state/use-session.js';
import { formatIn } from '../text/dates.js';
import { Avatar } from '../ui/avatar.js';
import { Icon } from '../ui/icons.js';
import { MenuButton } from '../ui/menu.js';

interface TopBarProps {
  menuOpen: boolean;
  onMenu: () => void;
  onJump: () => void;
  onStory: () => void;
  behindOpen: boolean;
  onBehind: () => void;
}

const leaps = [
  { by: '15m', label: '15 minutes' },
  { by: '1h', label: '1 hour' },
  { by: '4h', label: '4 hours' },
  { by: '12h', label: '12 hours' },
  { by: '1d', label: '1 day' },
  { by: '3d', label: '3 days' },
  { by: '7d', label: '1 week' },
] as const;

/** The playground's own controls, apart from what would be Slack's. */
export function TopBar(props: TopBarProps): ReactNode {
  const session = useSession();
  const cast = usePage((state) => state.cast);
  const me = usePage((state) => state.people.get(state.me));
  const { dates } = useDirectory();
  const time = formatIn(dates.now, dates, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  });
  return (
    <header className="top-bar">
      <button
        type="button"
        className="tool menu-tool"
        aria-label="Channels"
        aria-expanded={props.menuOpen}
        onClick={props.onMenu}
      >
        <Icon name="menu" />
      </button>
      <h1 className="top-title">
        <span className="app-mark avatar-small" aria-hidden="true" />{' '}
        <span className="wide">Steward playground</span>
      </h1>
      <button type="button" className="jump" onClick={props.onJump} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span className="wide">Jump to a channel or person</span>
        <kbd className="wide">Ctrl K</kbd>
      </button>
      <div className="top-tools">
        <button type="button" className="top-button" onClick={props.onStory} aria-label="Story">
          <Icon name="book" />
          <span className="wide">Story</span>
        </button>
        <MenuButton
          label={`Clock: ${time}`}
          className="top-button"
          alignEnd
          sections={[
            {
              title: 'Move the clock forward',
              items: leaps.map((leap) => ({
                key: leap.by,
                label: leap.label,
                choose: () => void session.advance(leap.by),
              })),
            },
          ]}
        >
          <Icon name="clock" />
          <span className="wide">{time}</span>
        </MenuButton>
        <button
          type="button"
          className={`top-button${props.behindOpen ? ' on' : ''}`}
          aria-pressed={props.behindOpen}
          onClick={props.onBehind}
          aria-label="Behind this"
        >
          <Icon name="layers" />
          <span className="wide">Behind this</span>
        </button>
        <ThemeButton />
        <MenuButton
          label={`You are ${me?.real_name ?? 'nobody'}. Become somebody else`}
          className="top-button you"
          alignEnd
          sections={[
            {
              title: 'You are …',
              items: cast.map((person) => ({
                key: person.id,
                label: (
                  <span className="you-row">
                    <Avatar id={person.id} name={person.real_name} size="small" />
                    {person.real_name}
                  </span>
                ),
                detail: [person.title, person.is_guest ? 'guest' : '', person.status_text]
                  .filter((part) => part !== '')
                  .join(' · '),
                checked: person.id === me?.id,
                choose: () => void session.become(person.id),
              })),
            },
          ]}
        >
          {me !== undefined && <Avatar id={me.id} name={me.real_name} size="small" />}
          <span className="wide">{me?.real_name}</span>
        </MenuButton>
      </div>
    </header>
  );
}

type Theme = 'auto' | 'light' | 'dark';
const themes: Theme[] = ['auto', 'light', 'dark'];
const themeKey = 'steward-theme';

function ThemeButton(): ReactNode {
  const [theme, setTheme] = useState<Theme>(
    () => themes.find((each) => each === localStorage.getItem(themeKey)) ?? 'auto',
  );
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem(themeKey, theme);
  }, [theme]);
  return (
    <button
      type="button"
      className="top-button theme"
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}`}
      onClick={() => setTheme(themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto')}
    >
      <Icon name="moon" />
    </button>
  );
}
