/** Where somebody talks to Steward in the agent view: a thread of a direct message. */
export interface SessionPlace {
  channelId: string;
  threadTs: string;
}

/** Answers that are being worked on in this process, so that "Stop" reaches them. */
export interface Sessions {
  /** Opens one; `done` must be called when it has ended. */
  open: (place: SessionPlace) => { stop: AbortSignal; done: () => void };
  /** Stops what is being worked on there. Another process hears of it when Slack refuses what it appends. */
  stop: (place: SessionPlace) => void;
}

export function makeSessions(): Sessions {
  const open = new Map<string, AbortController>();
  const keyOf = ({ channelId, threadTs }: SessionPlace): string => `${channelId}:${threadTs}`;
  return {
    open: (place) => {
      const controller = new AbortController();
      open.set(keyOf(place), controller);
      return {
        stop: controller.signal,
        done: () => {
          if (open.get(keyOf(place)) === controller) open.delete(keyOf(place));
        },
      };
    },
    stop: (place) => open.get(keyOf(place))?.abort(),
  };
}
