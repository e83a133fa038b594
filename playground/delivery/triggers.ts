/** What a trigger came from: decides whether a view may be opened or pushed with it. */
export interface Trigger {
  user: string;
  fromView: boolean;
}

/** Trigger ids live three seconds of real time and work once (docs.slack.dev/interactivity/handling-user-interaction). */
export interface Triggers {
  make(trigger: Trigger): string;
  use(id: string): Trigger | 'expired_trigger_id' | 'exchanged_trigger_id' | 'invalid_trigger_id';
}

export const triggerLifeMs = 3000;

export function makeTriggers(nowMs: () => number = () => Date.now()): Triggers {
  const known = new Map<string, Trigger & { madeMs: number; used: boolean }>();
  let count = 0;
  return {
    make: (trigger) => {
      const madeMs = nowMs();
      for (const [id, old] of known) {
        if (madeMs - old.madeMs > 60_000) known.delete(id);
      }
      count += 1;
      const id = `${madeMs}.${count}.${Math.random().toString(16).slice(2, 14)}`;
      known.set(id, { ...trigger, madeMs, used: false });
      return id;
    },
    use: (id) => {
      const trigger = known.get(id);
      if (trigger === undefined)
        return /^\d+\.\d+\.[0-9a-f]+$/.test(id) ? 'expired_trigger_id' : 'invalid_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      if (nowMs() - trigger.madeMs > triggerLifeMs) return 'expired_trigger_id';
      trigger.used = true;
      return { user: trigger.user, fromView: trigger.fromView };
    },
  };
}
