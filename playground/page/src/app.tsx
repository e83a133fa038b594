import { type ReactNode, useEffect, useState } from 'react';
import { BehindPane } from './shell/behind-pane.js';
import { ChannelView } from './shell/channel-view.js';
import { JumpDialog } from './shell/jump-dialog.js';
import { ModalStack } from './shell/modal.js';
import { Sidebar } from './shell/sidebar.js';
import { StoryDialog } from './shell/story-dialog.js';
import { ThreadPane } from './shell/thread-pane.js';
import { Toasts } from './shell/toasts.js';
import { TopBar } from './shell/top-bar.js';
import { useRegions } from './shell/use-regions.js';
import { usePage } from './state/use-session.js';

const behindKey = 'steward-behind';

/** The whole page. */
export function App(): ReactNode {
  const [menuOpen, setMenuOpen] = useState(false);
  const [jumping, setJumping] = useState(false);
  const [story, setStory] = useState(false);
  const [behind, setBehind] = useState(() => sessionStorage.getItem(behindKey) === '1');
  const connected = usePage((state) => state.connected);
  const announced = usePage((state) => state.announced);
  const threadOpen = usePage((state) => state.place?.thread !== undefined);
  const me = usePage((state) => state.me);
  const showBehind = (open: boolean): void => {
    sessionStorage.setItem(behindKey, open ? '1' : '0');
    setBehind(open);
  };

  useRegions();
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setJumping(true);
      }
      if (event.key === 'Escape') setMenuOpen(false);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className={`page${threadOpen ? ' has-thread' : ''}${behind ? ' has-behind' : ''}`}>
      <button type="button" className="skip-link" onClick={focusComposer}>
        Skip to writing
      </button>
      <TopBar
        menuOpen={menuOpen}
        onMenu={() => setMenuOpen(!menuOpen)}
        onJump={() => setJumping(true)}
        onStory={() => setStory(true)}
        behindOpen={behind}
        onBehind={() => showBehind(!behind)}
      />
      {!connected && (
        <div className="offline" role="status">
          The playground does not answer; trying again…
        </div>
      )}
      <Sidebar open={menuOpen} onNavigate={() => setMenuOpen(false)} />
      {menuOpen && (
        <button
          type="button"
          className="scrim"
          aria-label="Close channels"
          onClick={() => setMenuOpen(false)}
        />
      )}
      <div className="work">
        <ChannelView key={me} onBehind={() => showBehind(true)} />
        <ThreadPane />
      </div>
      {behind && <BehindPane onClose={() => showBehind(false)} />}
      <ModalStack />
      {jumping && <JumpDialog onClose={() => setJumping(false)} />}
      {story && <StoryDialog onClose={() => setStory(false)} />}
      <div className="visually-hidden" aria-live="polite" role="log" aria-label="New messages">
        {announced}
      </div>
      <Toasts />
    </div>
  );
}

function focusComposer(): void {
  document.querySelector<HTMLElement>('.channel .composer textarea')?.focus();
}
