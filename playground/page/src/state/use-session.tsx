import { createContext, useContext, useSyncExternalStore } from 'react';
import type { PageState } from './page-state.js';
import type { Session } from './session.js';

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('the shell is drawn inside a SessionContext');
  return session;
}

/** A part of the state. The selector must give the same value for the same state. */
export function usePage<Selected>(select: (state: PageState) => Selected): Selected {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, () => select(session.getState()));
}
