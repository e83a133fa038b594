import { type ReactNode, useState } from 'react';
import { usePage, useSession } from '../state/use-session.js';
import { Avatar } from '../ui/avatar.js';

const hiddenKey = 'steward-start-hidden';

/** What a newcomer may click first: questions that get three different answers. A card until something was done, then a line. */
export function StartStrip({ channel, onBehind }: { channel: string; onBehind: () => void }): ReactNode {
  const session = useSession();
  const questions = usePage((state) => state.info.questions);
  const here = usePage((state) => state.channels.get(channel));
  const started = usePage((state) => state.acted);
  const [hidden, setHidden] = useState(() => sessionStorage.getItem(hiddenKey) === '1');
  const belongs = questions.some(
    (question) => question.channel.replace(/^#/, '') === here?.name || question.channel === channel,
  );
  if (hidden || !belongs) return null;
  const hide = (): void => {
    sessionStorage.setItem(hiddenKey, '1');
    setHidden(true);
  };
  const buttons = questions.map((question) => (
    <button
      key={question.title}
      type="button"
      className="prompt"
      title={question.text}
      onClick={() => {
        void session.ask(question);
      }}
    >
      {question.title}
    </button>
  ));
  return (
    <section className={started ? 'start-strip' : 'start-strip start-card'} aria-label="Try asking">
      {started ? <span className="start-title">Try asking</span> : <Welcome onBehind={onBehind} />}
      <div className="start-questions">{buttons}</div>
      <button type="button" className="icon-button" aria-label="Hide suggestions" onClick={hide}>
        <span aria-hidden="true">✕</span>
      </button>
    </section>
  );
}

function Welcome({ onBehind }: { onBehind: () => void }): ReactNode {
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
        Ask {app} what a number means and whether you may trust it today. Start with one of these, and{' '}
        <button type="button" onClick={onBehind}>
          look behind the answer
        </button>
        .
      </p>
    </div>
  );
}
