import { type ReactNode, useState } from 'react';
import { usePage, useSession } from '../state/use-session.js';

const hiddenKey = 'steward-start-hidden';

/** What a newcomer may click first: questions that get three different answers. */
export function StartStrip({ channel }: { channel: string }): ReactNode {
  const session = useSession();
  const questions = usePage((state) => state.info.questions);
  const isApp = usePage((state) => state.channels.get(channel)?.kind === 'im');
  const [hidden, setHidden] = useState(() => sessionStorage.getItem(hiddenKey) === '1');
  if (hidden || isApp || questions.length === 0) return null;
  return (
    <section className="start-strip" aria-label="Try asking">
      <span className="start-title">Try asking</span>
      <div className="start-questions">
        {questions.map((question) => (
          <button
            key={question.title}
            type="button"
            className="prompt"
            title={question.text}
            onClick={() => void session.ask(question)}
          >
            {question.title}
          </button>
        ))}
      </div>
      <button
        type="button"
        className="icon-button"
        aria-label="Hide suggestions"
        onClick={() => {
          sessionStorage.setItem(hiddenKey, '1');
          setHidden(true);
        }}
      >
        <span aria-hidden="true">✕</span>
      </button>
    </section>
  );
}
