import { type ReactNode, useState } from 'react';
import { usePage, useSession } from '../state/use-session.js';
import { Avatar } from '../ui/avatar.js';

const hiddenKey = 'steward-start-hidden';
const startedKey = 'steward-started';

/** Kept for this tab: whoever has asked once needs the suggestions only as a line. */
function remember(key: string): void {
  sessionStorage.setItem(key, '1');
}

/** What a newcomer may click first: questions that get three different answers. A card until the first one was asked, then a line. */
export function StartStrip({ channel }: { channel: string }): ReactNode {
  const session = useSession();
  const questions = usePage((state) => state.info.questions);
  const isDirect = usePage((state) => state.channels.get(channel)?.kind === 'im');
  const [hidden, setHidden] = useState(() => sessionStorage.getItem(hiddenKey) === '1');
  const [started, setStarted] = useState(() => sessionStorage.getItem(startedKey) === '1');
  if (hidden || isDirect || questions.length === 0) return null;
  const hide = (): void => {
    remember(hiddenKey);
    setHidden(true);
  };
  const buttons = questions.map((question) => (
    <button
      key={question.title}
      type="button"
      className="prompt"
      title={question.text}
      onClick={() => {
        remember(startedKey);
        setStarted(true);
        void session.ask(question);
      }}
    >
      {question.title}
    </button>
  ));
  return (
    <section className={started ? 'start-strip' : 'start-strip start-card'} aria-label="Try asking">
      {started ? <span className="start-title">Try asking</span> : <Welcome />}
      <div className="start-questions">{buttons}</div>
      <button type="button" className="icon-button" aria-label="Hide suggestions" onClick={hide}>
        <span aria-hidden="true">✕</span>
      </button>
    </section>
  );
}

function Welcome(): ReactNode {
  const me = usePage((state) => state.people.get(state.me));
  const team = usePage((state) => state.info.team.name);
  const app = usePage((state) => state.info.app.name);
  return (
    <div className="start-words">
      <div className="start-who">
        {me !== undefined && <Avatar id={me.id} name={me.real_name} size="small" />}
        <span>
          You are <strong>{me?.real_name}</strong>
          {me !== undefined && me.title !== '' && `, ${me.title}`} at {team}.
        </span>
      </div>
      <p>
        Ask {app} what a number means and whether you may trust it today. Start with one of these;{' '}
        <b>Behind this</b>, above, shows what each answer rests on.
      </p>
    </div>
  );
}
