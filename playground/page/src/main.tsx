import { type ReactNode, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { App } from './app.js';
import { DirectoryProvider } from './shell/directory-provider.js';
import { makeApi } from './state/api.js';
import { makeSession } from './state/session.js';
import { SessionContext } from './state/use-session.js';
import { ConfirmProvider } from './ui/confirm.js';
import './styles/fonts.js';
import './styles/index.css';

const retryMs = 2_000;

async function start(root: Root): Promise<void> {
  const token = new URLSearchParams(window.location.search).get('token') ?? '';
  try {
    const session = await makeSession(makeApi(token));
    document.title = `${session.getState().info.team.name} · Steward playground`;
    root.render(
      <StrictMode>
        <SessionContext value={session}>
          <DirectoryProvider>
            <ConfirmProvider>
              <App />
            </ConfirmProvider>
          </DirectoryProvider>
        </SessionContext>
      </StrictMode>,
    );
  } catch (error) {
    root.render(<Failure text={error instanceof Error ? error.message : String(error)} />);
    setTimeout(() => void start(root), retryMs);
  }
}

function Failure({ text }: { text: string }): ReactNode {
  return (
    <main className="failure">
      <span className="app-mark avatar-normal" aria-hidden="true" />
      <h1>The playground cannot be shown</h1>
      <p role="alert">{text}</p>
      <p>Open the address that the demo printed, with its token. This page tries again by itself.</p>
    </main>
  );
}

const element = document.getElementById('root');
if (element !== null) void start(createRoot(element));
