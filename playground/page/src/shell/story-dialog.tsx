import { type ReactNode, useState } from 'react';
import { usePage, useSession } from '../state/use-session.js';
import { Dialog } from '../ui/dialog.js';

/** What can be made to happen in the demo company, and what to ask first. */
export function StoryDialog({ onClose }: { onClose: () => void }): ReactNode {
  const session = useSession();
  const steps = usePage((state) => state.story);
  const questions = usePage((state) => state.info.questions);
  const [busy, setBusy] = useState<string | undefined>(undefined);
  const [leap, setLeap] = useState('36h');
  const tell = async (step: string): Promise<void> => {
    setBusy(step);
    await session.tell(step);
    setBusy(undefined);
  };
  return (
    <Dialog title="Story" onClose={onClose} lightDismiss className="story-dialog">
      <div className="dialog-body">
        {questions.length > 0 && (
          <section aria-label="Questions">
            <h3>Ask first</h3>
            <div className="prompt-row">
              {questions.map((question) => (
                <button
                  key={question.title}
                  type="button"
                  className="prompt"
                  onClick={() => {
                    onClose();
                    void session.ask(question);
                  }}
                >
                  {question.title}
                </button>
              ))}
            </div>
          </section>
        )}
        <section aria-label="Steps">
          <h3>Make something happen</h3>
          <p className="story-note">
            Each step changes the company's data and posts the alerts that its tools would. Watch the channels
            that turn bold.{busy !== undefined && ' One is under way; it takes a few seconds.'}
          </p>
          {steps.length === 0 && <p className="empty-note">There are no steps here.</p>}
          <ul className="story-steps">
            {steps.map((step) => (
              <li key={step.step}>
                <div>
                  <strong>{step.title}</strong>
                  {step.done && <span className="done-mark"> ✓ done</span>}
                  <p>{step.description}</p>
                </div>
                <button
                  type="button"
                  className="bk-button"
                  aria-label={`Run: ${step.title}`}
                  aria-busy={busy === step.step}
                  disabled={busy !== undefined}
                  onClick={() => void tell(step.step)}
                >
                  {busy === step.step ? 'Running…' : step.done ? 'Again' : 'Run'}
                </button>
              </li>
            ))}
          </ul>
        </section>
        <form
          className="leap-form"
          onSubmit={(event) => {
            event.preventDefault();
            void session.advance(leap.trim());
          }}
        >
          <label htmlFor="leap">Move the clock forward by</label>
          <input
            id="leap"
            className="bk-input"
            value={leap}
            onChange={(event) => setLeap(event.target.value)}
          />
          <button type="submit" className="bk-button">
            Move
          </button>
        </form>
      </div>
    </Dialog>
  );
}
